//! Several requests in one body.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response as HttpResponse},
};
use futures_util::future::join_all;
use serde_json::Value;
use stackfit_graphql::Response;

use super::{Method, caching, call::Call, media::Media, reply::Reply, request::from_value};

/// Answers a batch, in its order. The answer is `application/json`: the newer media type knows no batches.
pub(super) async fn answer(call: &Call, requests: Vec<Value>) -> HttpResponse {
    if let Err(reply) = check(requests.len(), call.app.settings.max_batch) {
        return caching::uncached(reply.write(Media::Json));
    }
    let one = async |request| match from_value(request) {
        Ok(request) => call.answer(&request, Method::Post).await,
        Err(reply) => reply.response,
    };
    let answers: Vec<Response> = join_all(requests.into_iter().map(one)).await;
    match serde_json::to_vec(&answers) {
        Ok(body) => caching::uncached(([(header::CONTENT_TYPE, Media::Json.header())], body).into_response()),
        Err(error) => {
            tracing::error!(%error, "a batch of answers could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn check(found: usize, allowed: usize) -> Result<(), Reply> {
    if allowed == 0 {
        let message = "The body must be a JSON object: this server takes no batches.";
        return Err(Reply::refuse(StatusCode::BAD_REQUEST, message));
    }
    if found == 0 {
        return Err(Reply::refuse(StatusCode::BAD_REQUEST, "The batch is empty."));
    }
    if found > allowed {
        let message = format!("The batch has too many requests: {found}; allowed are {allowed}.");
        let response = Response::error("MAX_BATCH_EXCEEDED", message);
        return Err(Reply::new(StatusCode::BAD_REQUEST, response));
    }
    Ok(())
}
