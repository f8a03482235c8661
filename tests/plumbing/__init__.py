"""What the tests stand on: databases, the policy on skips, the browser. An app only for its `flush` command."""
