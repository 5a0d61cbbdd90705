#!/bin/sh
# Starts the engine's UI only behind a log-in, and only to look. The client's secret comes from a file and not from the
# container's configuration.
set -eu
refuse() {
  echo "The Temporal UI was not started: $1 (docs/running.md, \"The engine's UI\")." >&2
  exit 1
}
[ "${TEMPORAL_AUTH_ENABLED:-}" = true ] || refuse 'TEMPORAL_AUTH_ENABLED is not true'
[ "${TEMPORAL_DISABLE_WRITE_ACTIONS:-}" = true ] || refuse 'TEMPORAL_DISABLE_WRITE_ACTIONS is not true'
case ${TEMPORAL_AUTH_PROVIDER_URL:-} in
  https://?*) ;;
  *) refuse 'TEMPORAL_UI_OIDC_ISSUER does not begin with https://' ;;
esac
[ -n "${TEMPORAL_AUTH_CLIENT_ID:-}" ] || refuse 'TEMPORAL_UI_OIDC_CLIENT_ID is empty'
TEMPORAL_AUTH_CLIENT_SECRET=$(cat "${TEMPORAL_AUTH_CLIENT_SECRET_FILE:?}")
[ -n "$TEMPORAL_AUTH_CLIENT_SECRET" ] || refuse 'the secret temporal_ui_client_secret is empty'
export TEMPORAL_AUTH_CLIENT_SECRET
exec ./start-ui-server.sh
