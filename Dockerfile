# piiguard with its current model: no torch, no network, not root.
#   docker build -t piiguard . && echo '{"id": "1", "text": "card 4242 4242 4242 4242"}' | docker run -i piiguard detect
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
WORKDIR /src
COPY . .
# the wheel carries models/CURRENT (hatch_build.py); its dependencies come in the versions of the lock file
RUN pip install --no-cache-dir --prefix /install -c requirements.lock .

FROM python:${PYTHON}
COPY --from=build /install /usr/local
# a numeric id, so that Kubernetes can see that it is not root; /data is where the bot's database will lie
RUN useradd --uid 10001 --create-home piiguard && install --directory --owner 10001 /data
USER 10001
VOLUME /data
WORKDIR /data
HEALTHCHECK --interval=5m --timeout=20s --start-period=10s CMD ["piiguard", "model", "verify"]
ENTRYPOINT ["piiguard"]
CMD ["--help"]
