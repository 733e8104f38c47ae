// Swagger UI over the spec that lies beside it; nothing is asked of any other server.
"use strict";

// The spec does not know the path that a proxy gives it: its server is where it was found.
function found(updateSpec, system) {
  return (text) => {
    const spec = JSON.parse(text);
    const where = new URL(".", new URL(system.specSelectors.url(), location.href));
    spec.servers = [{ url: where.href.replace(/\/$/, "") }];
    return updateSpec(JSON.stringify(spec));
  };
}

window.ui = SwaggerUIBundle({
  url: new URL("../openapi.json", location.href).href,
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  plugins: [
    SwaggerUIBundle.plugins.DownloadUrl,
    () => ({ statePlugins: { spec: { wrapActions: { updateSpec: found } } } }),
  ],
  layout: "StandaloneLayout",
});
