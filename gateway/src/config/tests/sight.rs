//! What is told of the gateway itself, and to whom.

use std::time::Duration;

use super::load;
use crate::config::OtlpLogs;

#[test]
fn metrics_are_told_to_nobody_unless_somebody_says_where() {
    let silent = load("", &[]).unwrap();
    assert_eq!(silent.metrics.listen, None);
    assert_eq!(silent.metrics.operation_names, 100);
    assert_eq!((silent.log.slow, silent.log.probing_denials), (Duration::from_secs(1), 100));
    let said = load(
        "[metrics]\nlisten = \"127.0.0.1:9100\"\noperation_names = 0\n[log]\nslow_ms = 250\nprobing_denials = 0",
        &[("log.probing_denials", "7")],
    );
    let said = said.unwrap();
    assert_eq!(said.metrics.listen.map(|address| address.port()), Some(9100));
    assert_eq!(said.metrics.operation_names, 0);
    assert_eq!((said.log.slow, said.log.probing_denials), (Duration::from_millis(250), 7));
}

#[test]
fn metrics_never_stand_where_requests_come_in() {
    let file = "[server]\nlisten = \"127.0.0.1:8080\"\n[metrics]\nlisten = \"127.0.0.1:8080\"";
    let text = load(file, &[]).unwrap_err().to_string();
    assert_eq!(
        text,
        "`metrics.listen`: is where requests come in, give figures an address of their own, which only their collector reaches"
    );
    let file = "[metrics]\nlisten = \"9090\"\noperation_names = 1001\n[log]\nslow_ms = 0";
    let text = load(file, &[]).unwrap_err().to_string();
    for problem in [
        "`metrics.listen`: is `9090`, write an address with its port",
        "`metrics.operation_names`: is not in range, write a whole number from 0 to 1000",
        "`log.slow_ms`: is not in range",
    ] {
        assert!(text.contains(problem), "{problem}: {text}");
    }
}

#[test]
fn traces_go_to_nobody_unless_somebody_says_where() {
    assert!(load("", &[]).unwrap().otlp.is_none());
    let file = "[otlp]\nendpoint = \"https://collector.example:4318/otlp/\"\nsample_ratio = 0.25\nlogs = false";
    let otlp = load(file, &[("otlp.service_name", "gateway-2")]).unwrap().otlp.unwrap();
    assert_eq!(
        (otlp.endpoint.as_str(), otlp.service_name.as_str()),
        ("https://collector.example:4318/otlp", "gateway-2")
    );
    assert!((otlp.sample_ratio - 0.25).abs() < f64::EPSILON);
    assert_eq!(otlp.logs, OtlpLogs::Kept);
    for ratio in ["0", "1", "0.5"] {
        assert!(load("", &[("otlp.sample_ratio", ratio)]).is_ok(), "{ratio}");
    }
    for (file, problem) in [
        ("endpoint = \"collector:4318\"", "`otlp.endpoint`: is `collector:4318`, write an address such as"),
        ("endpoint = \"http://u:hunter2@h:4318\"", "`otlp.endpoint`: holds a user name"),
        ("endpoint = \"http://h/?a=b\"", "`otlp.endpoint`: is `http://h/?a=b`"),
        ("service_name = \"\"", "`otlp.service_name`: is missing"),
        ("sample_ratio = 1.5", "`otlp.sample_ratio`: is not in range, write a number from 0 to 1"),
        ("sample_ratio = nan", "`otlp.sample_ratio`: is not in range"),
        ("logs = 1", "`otlp.logs`: is no truth value"),
    ] {
        let text = load(&format!("[otlp]\n{file}"), &[]).unwrap_err().to_string();
        assert!(text.contains(problem) && !text.contains("hunter2"), "{problem}: {text}");
    }
}
