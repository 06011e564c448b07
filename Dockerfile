# syntax=docker/dockerfile:1
# Two stages: the first builds an environment from locked versions, the second only runs it.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY constraints-image.txt pyproject.toml README.md LICENSE NOTICE ./
RUN python -m venv /app \
 && /app/bin/pip install --no-cache-dir --no-deps --require-hashes -r constraints-image.txt
COPY bot ./bot
COPY knowledge ./knowledge
RUN /app/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data warmstart \
 && install --directory --owner=warmstart --group=warmstart --mode=0700 /data
COPY --from=build /app /app
USER warmstart
WORKDIR /data
VOLUME /data
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 WARMSTART_ON=discord WARMSTART_DATABASE=/data/warmstart.db
STOPSIGNAL SIGTERM
ENTRYPOINT ["warmstart"]
CMD ["run"]
