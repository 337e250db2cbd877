# Builds the program with its playground, and puts it alone into a small image.

FROM rust:1-bookworm AS builder
RUN apt-get update \
 && apt-get install --yes --no-install-recommends nodejs npm \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
RUN cargo build --release --locked --package stackfit-server

FROM debian:bookworm-slim
# Without DATABASE_URL the program keeps an SQLite file in $XDG_DATA_HOME/stackfit: mount a volume there to keep it.
RUN useradd --system --home-dir /var/lib/stackfit --create-home --shell /usr/sbin/nologin stackfit
COPY --from=builder /build/target/release/stackfit /usr/local/bin/stackfit
USER stackfit
ENV HOME=/var/lib/stackfit \
    XDG_DATA_HOME=/var/lib \
    STACKFIT_LISTEN=0.0.0.0:8000
VOLUME /var/lib/stackfit
EXPOSE 8000
ENTRYPOINT ["stackfit"]
