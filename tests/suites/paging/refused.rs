//! What is no page.

use tests::Kind;

use super::Lists;

#[tokio::test]
async fn a_page_is_asked_for_in_bounds_and_from_one_end() {
    for kind in Kind::ALL {
        let lists = Lists::over(kind).await;
        let windows = [
            ("first: 101", "`first`"),
            ("last: 101", "`last`"),
            ("first: -1", "`first`"),
            ("last: -1", "`last`"),
            ("first: 1, last: 1", "not both"),
            ("first: 1, after: \"bm9wZQ\"", "`after`"),
            ("first: 1, before: \"bm9wZQ\"", "`before`"),
        ];
        for (window, named) in windows {
            for query in [
                format!("{{ doctors({window}) {{ nodes {{ id }} }} }}"),
                format!("{{ dsos {{ nodes {{ doctors({window}) {{ nodes {{ id }} }} }} }} }}"),
            ] {
                let _before = lists.gateway.recorder.take();
                let answer = lists.ask(&query).await;
                assert!(
                    answer.codes().iter().all(|code| *code == "BAD_USER_INPUT"),
                    "{kind:?} {query} {}",
                    answer.text
                );
                let message = answer.json["errors"][0]["message"].as_str().unwrap_or_default();
                assert!(message.contains(named), "{kind:?} {query} {}", answer.text);
                let sent = lists.gateway.recorder.take_data();
                assert!(
                    sent.iter().all(|sql| !sql.contains("FROM \"doctors\"")),
                    "{kind:?} {query} was sent: {sent:?}"
                );
            }
        }
        // At the bounds it is a page.
        let _most = lists.ask("{ doctors(first: 100) { nodes { id } } none: doctors(first: 0) { nodes { id } pageInfo { hasNextPage } } }").await.clean();
    }
}

#[tokio::test]
async fn a_page_that_nobody_bounded_has_25_rows() {
    for kind in Kind::ALL {
        let lists = Lists::over(kind).await;
        let answer = lists.ask("{ doctors { nodes { id } totalCount pageInfo { hasNextPage } } }").await.clean();
        assert_eq!(answer.data("/doctors/nodes").as_array().map(Vec::len), Some(25), "{kind:?}");
        assert_eq!(answer.data("/doctors/totalCount"), 46, "{kind:?}");
        assert_eq!(answer.data("/doctors/pageInfo/hasNextPage"), true, "{kind:?}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_order_or_list_or_a_changed_one_is_refused() {
    for kind in Kind::ALL {
        let lists = Lists::over(kind).await;
        let asked =
            lists.ask("{ doctors(first: 2, orderBy: { field: RISK }) { pageInfo { endCursor } } }").await.clean();
        let cursor = asked.data("/doctors/pageInfo/endCursor").as_str().unwrap().to_owned();
        let mut changed = cursor.clone();
        let last = changed.pop().unwrap();
        changed.push(if last == 'A' { 'Q' } else { 'A' });
        let refused = [
            format!("doctors(orderBy: {{ field: NAME }}, after: \"{cursor}\")"),
            format!("doctors(orderBy: {{ field: RISK, direction: DESC }}, after: \"{cursor}\")"),
            format!("doctors(after: \"{cursor}\")"),
            format!("dsos(after: \"{cursor}\")"),
            format!("activities(before: \"{cursor}\")"),
            format!("doctors(orderBy: {{ field: RISK }}, after: \"{changed}\")"),
        ];
        for list in refused {
            let answer = lists.ask(&format!("{{ {list} {{ nodes {{ id }} }} }}")).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{kind:?} {list} {}", answer.text);
            assert!(
                answer.data("").as_object().is_some_and(|data| data.values().all(serde_json::Value::is_null)),
                "{kind:?} {list}"
            );
        }
        // A cursor is a place in the order, so it stands in the lists of the same order under any parent and filter.
        let own = format!(
            "{{ doctors(orderBy: {{ field: RISK }}, filter: {{ risk: [HIGH] }}, after: \"{cursor}\") {{ nodes {{ id }} }} }}"
        );
        let _own = lists.ask(&own).await.clean();
    }
}
