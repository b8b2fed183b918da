# The daemon, or any other command of `scrape`, as a user without rights. The home is the volume /data.
#
#   docker build -t article-scraper .
#   docker run --rm -v news:/data article-scraper init /data --contact you@example.org
#   docker run -d --name scraper -v news:/data -p 127.0.0.1:9464:9464 article-scraper
#   docker exec scraper scrape status
#
# compose.yaml runs it beside Datasette; docs/operating.md says more.

FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/scraper
# What is locked comes first: it is built anew only when the lock file changes.
COPY requirements.lock ./
RUN /opt/scraper/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY storage storage
COPY scraper scraper
# The root file system may be read-only: what Python compiles is compiled here.
RUN /opt/scraper/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /opt/scraper/bin/python -m compileall -q /opt/scraper/lib

FROM python:3.13-slim
COPY --from=build /opt/scraper /opt/scraper
ENV PATH=/opt/scraper/bin:$PATH SCRAPE_HOME=/data PYTHONDONTWRITEBYTECODE=1
# A named volume takes the owner of the folder that it is mounted on.
RUN groupadd --gid 10001 scraper \
    && useradd --uid 10001 --gid scraper --home-dir /data --no-create-home --shell /usr/sbin/nologin scraper \
    && install -d -o scraper -g scraper -m 0750 /data
USER scraper
WORKDIR /data
VOLUME /data
# 9464: /healthz, /readyz and /metrics of `scrape run`; 8001: `scrape serve`.
EXPOSE 9464 8001
# SIGTERM: what is under way is ended, or handed back, within ten seconds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:9464/healthz', timeout=8)"]
ENTRYPOINT ["scrape"]
CMD ["run", "--monitor", "0.0.0.0:9464"]
