# The image holds what runs and nothing else. Alone, it keeps a SQLite database in /data:
#   docker build -t onefold .
#   docker run -p 8000:8000 -v onefold:/data -e SECRET_KEY="$(openssl rand -base64 48)" onefold
# Keep the key and pass the same one at each start. Set the three FIRST_ADMIN_ settings to get an administrator.

FROM python:3.13-slim AS builder
WORKDIR /build
COPY requirements.txt requirements.txt
# Everything comes as a wheel, so no compiler is needed; --only-binary says so if that ever changes.
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --only-binary :all: --require-hashes -r requirements.txt

FROM python:3.13-slim
ENV PATH="/venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production \
    HOST=0.0.0.0 \
    DATABASE_URL=sqlite+aiosqlite:////data/onefold.db
# The user is a number, so that an orchestrator can see that it is not root.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin onefold \
    && install --directory --owner 10001 --group 10001 /data
WORKDIR /app
COPY --from=builder /venv /venv
COPY pyproject.toml pyproject.toml
COPY alembic alembic
COPY api api
RUN python -m compileall -q api alembic
USER 10001:10001
VOLUME /data
EXPOSE 8000
# Whether the process lives. Whether it should be sent requests is another question, and /ready answers it.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.getenv(\"PORT\") or 8000}/health', timeout=4)"]
CMD ["python", "-m", "api", "serve"]
