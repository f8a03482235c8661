// Swagger UI on the schema of this house; what is tried here is asked in the name of whoever is signed in.
"use strict";
const place = document.getElementById("docs");
SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "none", // two hundred verbs drawn at once take a minute; a group opens with one click
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  syntaxHighlight: false,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  requestInterceptor(request) {
    if ((request.method || "GET") !== "GET") request.headers["X-CSRFToken"] = place.dataset.csrf;
    return request;
  },
});
