#!/bin/sh
# Create the namespace, or set its retention: closed workflows must outlive a campaign's year.
set -eu

if temporal operator namespace describe --namespace "${TEMPORAL_NAMESPACE}" >/dev/null 2>&1; then
    temporal operator namespace update --namespace "${TEMPORAL_NAMESPACE}" --retention 400d
else
    temporal operator namespace create --namespace "${TEMPORAL_NAMESPACE}" --retention 400d
fi
