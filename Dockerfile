# syntax=docker/dockerfile:1
# Two stages: the first builds an environment from locked versions, the second only runs it.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY constraints-build.txt constraints-image.txt ./
RUN python -m venv /build \
 && /build/bin/pip install --no-deps --require-hashes -r constraints-build.txt \
 && python -m venv --without-pip /app \
 && pip --python /app/bin/python install --no-deps --require-hashes -r constraints-image.txt
COPY pyproject.toml README.md LICENSE NOTICE compose.yaml .env.example ./
COPY bot ./bot
COPY knowledge ./knowledge
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
 && pip --python /app/bin/python install --no-deps --no-index /wheel/*.whl

FROM python:3.11-slim-bookworm
RUN python -m pip uninstall --yes pip setuptools wheel \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin warmstart \
 && install --directory --owner=warmstart --group=warmstart --mode=0700 /data \
 && install --directory /knowledge
COPY --from=build /app /app
USER 10001
WORKDIR /data
# /data holds the database, its key and prepared bases; /knowledge may hold a base of your own
VOLUME ["/data", "/knowledge"]
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    WARMSTART_ON=discord \
    WARMSTART_DATABASE=/data/warmstart.db \
    WARMSTART_CACHE=/data/cache \
    WARMSTART_HEALTH_PORT=8421
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["warmstart", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["warmstart"]
CMD ["run"]
