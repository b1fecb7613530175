# pgmoat alone, for running beside a database:
#   docker build -t pgmoat .
#   docker run --rm --read-only --cap-drop ALL -v "$PWD:/work:ro" pgmoat plan shop.toml
# Built and run on the same Debian, so that both have the same libc. The slim image of Rust has the C compiler that ring
# needs, and the certificates.

FROM rust:1-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin pgmoat \
 && install -D target/release/pgmoat /out/pgmoat

FROM debian:bookworm-slim
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/pgmoat /usr/local/bin/pgmoat
# Layouts and plans are mounted here. Nothing else is written, so the file system may be read-only.
WORKDIR /work
# A number, so that an orchestrator can tell that it isn't root.
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/pgmoat"]
