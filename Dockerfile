# The worker and the command line in one image, with an environment of their own.

FROM python:3.11.14-slim-bookworm AS build
WORKDIR /source
COPY requirements.txt ./
RUN python -m venv /tools && /tools/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml LICENSE worker.py ./
COPY duban duban
COPY workflows workflows
COPY activities activities
RUN /tools/bin/hatchling build --target wheel --directory /wheels
COPY requirements-runtime.txt ./
RUN python -m venv /opt/duban \
    && /opt/duban/bin/pip install --no-cache-dir --require-hashes -r requirements-runtime.txt \
    && /opt/duban/bin/pip install --no-cache-dir --no-deps /wheels/duban-*.whl

FROM python:3.11.14-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home duban
COPY --from=build /opt/duban /opt/duban
ENV PATH=/opt/duban/bin:$PATH PYTHONUNBUFFERED=1
USER duban
WORKDIR /tmp
ENTRYPOINT ["duban"]
CMD ["worker"]
