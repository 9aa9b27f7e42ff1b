# One image for every role: web, workers, beat, flower and one-off commands differ only in their command.
#   docker build --target runtime .   what production runs
#   docker build --target dev .       the same with the tools of tests (docker-compose.yml)

FROM python:3.13-slim-trixie AS base
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
SHELL ["/bin/bash", "-o", "pipefail", "-c"]


# The virtual environment, with the compiler that only mysqlclient needs.
FROM base AS build
# gcc, pkg-config: mysqlclient is compiled. libmariadb-dev: its headers.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libmariadb-dev pkg-config \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
# Without a pip of its own: nothing is installed where the application runs.
RUN python -m venv --without-pip /opt/venv
COPY requirements/production.txt /requirements/
# hadolint ignore=DL3042
RUN --mount=type=cache,target=/var/cache/pip \
    pip --cache-dir /var/cache/pip --python /opt/venv/bin/python install --require-hashes -r /requirements/production.txt


FROM build AS build-dev
COPY requirements/test.txt /requirements/
# hadolint ignore=DL3042
RUN --mount=type=cache,target=/var/cache/pip \
    pip --cache-dir /var/cache/pip --python /opt/venv/bin/python install --require-hashes -r /requirements/test.txt


# What the application runs on, without it and without the compiler.
FROM base AS system
# libmariadb3: the client library, with the plugin folder that caching_sha2_password needs.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends libmariadb3 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && groupadd --gid 1000 app \
 && useradd --uid 1000 --gid app --no-create-home --home-dir /srv app \
 && install -d -o app -g app /srv/app /srv/var /srv/media /srv/static /srv/published \
 && install -d -o 101 -g 101 /srv/proxy /srv/pages /srv/certificates /srv/acme
WORKDIR /srv/app
ENV VAR_DIR=/srv/var \
    MEDIA_ROOT=/srv/media \
    STATIC_ROOT=/srv/static
EXPOSE 8000
CMD ["gunicorn", "--config", "python:hnmproject.gunicorn", "hnmproject.wsgi"]


# For development: the tools of the tests, and folders that any user may write, since the code is mounted and
# runs as whoever owns it on the host.
FROM system AS dev
RUN chmod 1777 /srv/var /srv/media /srv/static /srv/published
COPY --from=build-dev /opt/venv /opt/venv
COPY app /srv/app
USER 1000


# The last stage is what a plain `docker build .` makes: what production runs.
FROM system AS runtime
COPY --from=build /opt/venv /opt/venv
COPY app /srv/app
# Static files get hashed names and are compressed here, once. The key is a placeholder that signs nothing.
RUN python -m compileall -q -j 0 /srv/app \
 && SECRET_KEY=only-while-building python manage.py collectstatic --noinput --verbosity 0
ARG RELEASE=development
ENV RELEASE=$RELEASE
USER 1000
