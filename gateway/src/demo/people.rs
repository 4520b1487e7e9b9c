//! Those who can sign in to the demo.

/// A person of the demo, for whom a token can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// How the demo's output calls them.
    pub key: &'static str,
    /// Their verified address.
    pub email: &'static str,
    /// What they are called.
    pub name: &'static str,
    /// Who they are to the demo's issuer.
    pub subject: &'static str,
}

/// Everybody who can sign in.
pub const PEOPLE: [DemoPerson; 5] = [
    // Owns AllSolutions.
    DemoPerson { key: "alan", email: "alan@allsolutions.example", name: "Alan", subject: "demo-alan" },
    // Administers AllSolutions.
    DemoPerson { key: "claudia", email: "claudia@allsolutions.example", name: "Claudia", subject: "demo-claudia" },
    // Manages NADG and views 7to7 Dental Group.
    DemoPerson { key: "agent", email: "agent@allsolutions.example", name: "Agnes", subject: "demo-agent" },
    // Views 7to7 Dental Group.
    DemoPerson { key: "viewer", email: "viewer@allsolutions.example", name: "Victor", subject: "demo-viewer" },
    // Owns OtherSolutions.
    DemoPerson { key: "outsider", email: "outsider@othersolutions.example", name: "Olivia", subject: "demo-outsider" },
];
