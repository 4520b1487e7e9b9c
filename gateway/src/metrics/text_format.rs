//! The same figures in the older text format of Prometheus (0.0.4), which every tool reads.
//!
//! Owns: what the two formats write differently. May use: nothing. Invariant: a family is declared under the name of its samples, by a type
//! that the older format knows; samples are the same.

/// Rewrites a text of OpenMetrics: families of counters and of facts get the endings of their samples, and neither units nor an end are
/// declared.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut help = None;
    for line in text.lines() {
        if let Some(declared) = line.strip_prefix("# HELP ") {
            help = declared.split_once(' ');
        } else if let Some((family, kind)) = line.strip_prefix("# TYPE ").and_then(|declared| declared.split_once(' '))
        {
            let (ending, kind) = match kind {
                "counter" => ("_total", "counter"),
                "info" => ("_info", "gauge"),
                "unknown" => ("", "untyped"),
                kind => ("", kind),
            };
            if let Some((_, words)) = help.take().filter(|(of, _)| *of == family) {
                plain.push_str(&format!("# HELP {family}{ending} {words}\n"));
            }
            plain.push_str(&format!("# TYPE {family}{ending} {kind}\n"));
        } else if !line.starts_with('#') {
            plain.push_str(line);
            plain.push('\n');
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn families_are_declared_as_the_older_format_knows_them() {
        let text = "\
            # HELP cs12_build The version.\n\
            # TYPE cs12_build info\n\
            cs12_build_info{version=\"1\"} 1\n\
            # HELP cs12_requests Requests by route.\n\
            # TYPE cs12_requests counter\n\
            cs12_requests_total{route=\"# TYPE\"} 3\n\
            # HELP cs12_time_seconds Time.\n\
            # TYPE cs12_time_seconds histogram\n\
            # UNIT cs12_time_seconds seconds\n\
            cs12_time_seconds_bucket{le=\"+Inf\"} 1\n\
            # EOF\n";
        let expected = "\
            # HELP cs12_build_info The version.\n\
            # TYPE cs12_build_info gauge\n\
            cs12_build_info{version=\"1\"} 1\n\
            # HELP cs12_requests_total Requests by route.\n\
            # TYPE cs12_requests_total counter\n\
            cs12_requests_total{route=\"# TYPE\"} 3\n\
            # HELP cs12_time_seconds Time.\n\
            # TYPE cs12_time_seconds histogram\n\
            cs12_time_seconds_bucket{le=\"+Inf\"} 1\n";
        assert_eq!(plain(text), expected);
    }
}
