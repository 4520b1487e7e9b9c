//! What a searched text finds.

use serde_json::json;
use tests::Kind;

use super::Stage;

/// Names and practices; each practice is searched with the name.
const DOCTORS: [(&str, Option<&str>); 11] = [
    ("\u{d6}zt\u{fc}rk \u{15e}ule", None),
    ("Jos\u{e9} N\u{fa}\u{f1}ez", Some("Praxis am Markt")),
    ("Stra\u{df}er \u{141}ukasz", Some("S\u{f8}ren & S\u{f8}n")),
    ("O\u{2019}Brien 100%", None),
    ("Jose\u{301}fina d_Arc", None),
    ("\u{5c71}\u{7530} \u{592a}\u{90ce}", Some("\u{6b6f}\u{79d1}")),
    ("\u{418}\u{432}\u{430}\u{43d} \u{419}\u{43e}\u{436}\u{438}\u{43d}", None),
    ("\u{41}\u{327}yten \u{18f}liyeva", None),
    ("MacDONALD", Some("caf\u{e9}")),
    ("\u{3a3}\u{3af}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c2}", None),
    ("\u{ff21}\u{ff42}\u{ff43} Full", None),
];

/// What is searched, and which of them are found.
const SEARCHES: [(&str, &[usize]); 34] = [
    ("\u{d6}zt\u{fc}rk", &[0]),
    ("ozturk", &[0]),
    ("\u{d6}ZT\u{dc}RK", &[0]),
    ("sule oztu", &[0]),
    ("  \u{15e}ULE   o\u{308}zt ", &[0]),
    ("sule jose", &[]),
    ("Jose", &[1, 4]),
    ("jos\u{e9}", &[1, 4]),
    ("jose\u{301}", &[1, 4]),
    ("nunez", &[1]),
    ("markt nunez", &[1]),
    ("markt jose", &[1]),
    ("am", &[1]),
    ("strasser", &[2]),
    ("STRA\u{1e9e}ER", &[2]),
    ("lukasz", &[2]),
    ("\u{142}ukasz s\u{f6}ren", &[2]),
    ("soren son", &[2]),
    ("&", &[2]),
    ("o'brien", &[3]),
    ("o\u{2019}brien", &[3]),
    ("100%", &[3]),
    ("%", &[3]),
    ("_", &[4]),
    ("\\", &[]),
    ("\u{592a}\u{90ce}", &[5]),
    ("\u{6b6f}", &[5]),
    ("\u{439}\u{43e}\u{436}", &[6]),
    ("ayten eliyeva", &[7]),
    ("macdonald cafe\u{301}", &[8]),
    ("CAFE\u{301}", &[8]),
    ("\u{3c3}\u{3b9}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c3}", &[9]),
    ("abc", &[10]),
    ("\u{1f600}", &[]),
];

#[tokio::test]
async fn doctors_are_found_without_case_and_accents_by_words_in_any_order() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let of_the_world = stage.names("doctors", "", &json!({})).await.len();
        for (name, practice) in DOCTORS {
            stage.doctor(name, practice).await;
        }
        for (text, expected) in SEARCHES {
            let mut found = stage.names("doctors", "filter: { text: $text }", &json!({ "text": text })).await;
            found.sort();
            let mut expected: Vec<String> = expected
                .iter()
                .map(|place| entity::text::TextKind::NAME.read(DOCTORS[*place].0).unwrap().unwrap())
                .collect();
            expected.sort();
            assert_eq!(found, expected, "{kind:?} {text:?}");
            // Counted, aggregated and listed alike.
            let query = "query ($text: String) { doctors(filter: { text: $text }) { totalCount }
                doctorsAggregate(filter: { text: $text }, groupBy: [DSO]) { nodes { count } } }";
            let answer = stage.ask(query, json!({ "text": text })).await.clean();
            assert_eq!(answer.data("/doctors/totalCount"), expected.len(), "{kind:?} {text:?}");
            let counted = answer.data("/doctorsAggregate/nodes/0/count").as_u64().unwrap_or(0);
            assert_eq!(counted, expected.len() as u64, "{kind:?} {text:?}");
        }
        // Nothing to search for is no filter.
        for text in ["", "   ", "\u{200b}", "\t\n"] {
            let found = stage.names("doctors", "filter: { text: $text }", &json!({ "text": text })).await;
            assert_eq!(found.len(), of_the_world + DOCTORS.len(), "{kind:?} {text:?}");
        }
    }
}

#[tokio::test]
async fn dsos_are_found_as_doctors_are_and_by_their_new_name() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        stage.dso("\u{c4}rztehaus S\u{fc}d").await;
        for text in ["sud arzte", "\u{c4}RZTE", "a\u{308}rzte"] {
            let found = stage.names("dsos", "filter: { text: $text }", &json!({ "text": text })).await;
            assert_eq!(found, ["\u{c4}rztehaus S\u{fc}d"], "{kind:?} {text:?}");
        }
        let rename =
            "mutation ($id: ID!) { dsoUpdate(input: { dsoId: $id, name: \"\u{c5}ngstr\u{f6}m\" }) { dso { id } } }";
        stage.ask(rename, json!({ "id": super::dso("Smile") })).await.clean();
        for (text, expected) in [("angstrom", 1), ("smile", 0)] {
            let found = stage.names("dsos", "filter: { text: $text }", &json!({ "text": text })).await;
            assert_eq!(found.len(), expected, "{kind:?} {text:?}: {found:?}");
        }
    }
}

#[tokio::test]
async fn a_doctor_is_found_by_what_they_are_called_now() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let id = stage.doctor("Before", Some("Earlier")).await;
        let text = "mutation ($input: DoctorUpdateInput!) { doctorUpdate(input: $input) { doctor { id } userErrors { message } } }";
        for (change, found, gone) in [
            (json!({ "name": "N\u{e4}chste" }), "nachste earlier", "before"),
            (json!({ "practice": null }), "nachste", "earlier"),
            (json!({ "practice": "Sp\u{e4}ter" }), "spater nachste", "earlier"),
        ] {
            let mut input = change;
            input["doctorId"] = json!(id);
            stage.ask(text, json!({ "input": input })).await.clean();
            for (text, expected) in [(found, 1), (gone, 0)] {
                let names = stage.names("doctors", "filter: { text: $text }", &json!({ "text": text })).await;
                assert_eq!(names.len(), expected, "{kind:?} {text:?}: {names:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_address_is_found_in_every_form_of_its_domain() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let text = "mutation ($input: DoctorCreateInput!) { doctorCreate(input: $input) { doctor { id email } userErrors { message } } }";
        let input = json!({ "dsoId": super::dso("Smile"), "name": "Idna", "email": " Ada@B\u{fc}cher.example" });
        let answer = stage.ask(text, json!({ "input": input })).await.clean();
        assert_eq!(answer.data("/doctorCreate/doctor/email"), "Ada@B\u{fc}cher.example", "{kind:?}: as it was written");
        for email in ["ada@xn--bcher-kva.example", "ADA@b\u{fc}cher.example", "ada@XN--BCHER-KVA.EXAMPLE "] {
            let query = "query ($email: String) { doctors(filter: { email: $email }) { nodes { name } } }";
            let answer = stage.ask(query, json!({ "email": email })).await.clean();
            assert_eq!(super::names(answer.data("/doctors/nodes")), ["Idna"], "{kind:?} {email}");
        }
    }
}
