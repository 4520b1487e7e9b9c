//! Each dependency of two gateways is frozen, killed, filled, made read-only or restored, one after the other, under
//! load.
//!
//! Owns: the order of the states, and their bounds. May use: the scene, the loads, the losses. Invariant: in each
//! state, requests of other tenants and requests at the other gateway take at most three times as long as in the calm
//! state. Members who were removed, demoted or lost a grant are refused on their next request at every gateway that
//! answers. A gateway that cannot answer says so within its time limit. After the state, everything works again.

mod asked;
mod errands;
mod fault;
mod load;
mod losses;
mod people;
mod restored;
mod scene;

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use tests::tenants::Tenant;
use tokio::time::sleep;

use self::{
    asked::AT_MOST,
    fault::{Fault, Lot},
    load::{Load, Met},
    losses::Losses,
    people::People,
    scene::Scene,
};

/// Time limit of an operation: shorter than the default, so that a state is over soon.
const OPERATION: Duration = Duration::from_secs(3);
/// Duration of each load: this long before the fault, and `AFTER` after it.
const BEFORE: Duration = Duration::from_millis(300);
const AFTER: Duration = Duration::from_secs(2);
/// Longest time that a gateway may take to recover once the fault is over.
const RECOVERY: Duration = Duration::from_secs(10);
/// Below this latency, a factor of three is noise.
const NOTICEABLE: Duration = Duration::from_millis(150);
/// Number of bystander tenants at each gateway. They are numbered after one tenant for each state and one for the
/// changes that are lost with a restore.
const BYSTANDERS: usize = 8;
const ACTED_ON: usize = Fault::ALL.len() + 1;
const SINCE_BACKUP: Tenant = Tenant(Fault::ALL.len());

struct Run {
    scene: Scene,
    people: Arc<People>,
    addresses: [String; 2],
    calm: [Duration; 2],
    failed: Vec<String>,
}

/// Runs all states, or those whose names begin with `only`.
pub(crate) async fn run(program: PathBuf, only: &str) -> Vec<String> {
    let tenants = ACTED_ON + 2 * BYSTANDERS;
    let scene = Scene::with(tenants, program).await;
    let (people, addresses) =
        (Arc::new(People::of(&scene.issuer, tenants)), [0, 1].map(|gateway| scene.address(gateway)));
    let mut run = Run { scene, people, addresses, calm: [Duration::ZERO; 2], failed: Vec::new() };
    // First requests of all tenants take longer, so this round is a warm-up.
    run.calm(AFTER / 2).await;
    run.failed.clear();
    run.calm = run.calm(AFTER).await;
    println!("{:<16} {:>9} {:>9} {:>9} {:>6} {:>7}", "p99 of others at", "A", "B", "slowest", "again", "in all");
    let [a, b] = run.calm.map(|time| format!("{time:.1?}"));
    println!("{:<16} {a:>9} {b:>9}", "calm");
    for (number, fault) in Fault::ALL.into_iter().enumerate() {
        if format!("{fault:?}").starts_with(only) {
            run.state(Tenant(number), fault).await;
        }
    }
    if run.scene.house.log().contains("panicked") {
        run.failed.push("a gateway has panicked".to_owned());
    }
    run.failed
}

impl Run {
    fn load(&self, gateway: usize, fault: Option<Fault>, tenant: Tenant) -> Load {
        let away = fault.is_some_and(|fault| fault.lots()[gateway] == Lot::Away);
        let first = ACTED_ON + gateway * BYSTANDERS;
        Load {
            address: self.addresses[gateway].clone(),
            people: Arc::clone(&self.people),
            // An unfinished change at a frozen gateway affects only its own tenant; `endure freeze` tests that.
            tenants: if away { vec![tenant] } else { (first..first + BYSTANDERS).map(Tenant).collect() },
            changes: !away && fault.is_none_or(Fault::takes_changes),
        }
    }

    /// Measures the p99 at each gateway while there is no fault.
    async fn calm(&mut self, during: Duration) -> [Duration; 2] {
        let loads = [0, 1].map(|gateway| self.load(gateway, None, Tenant(0)).begin());
        sleep(during).await;
        let mut times = [Duration::ZERO; 2];
        for (load, time) in loads.into_iter().zip(&mut times) {
            let met = load.end(Lot::Untouched, Instant::now()).await;
            self.failed.extend(met.wrong.into_iter().map(|why| format!("calm: {why}")));
            *time = met.p99.unwrap_or_default();
        }
        times
    }

    async fn state(&mut self, tenant: Tenant, fault: Fault) {
        let began = Instant::now();
        self.scene.get_ready_for(fault);
        let mut wrong = self.prepare(tenant, fault).await;
        let loads = [0, 1].map(|gateway| self.load(gateway, Some(fault), tenant).begin());
        sleep(BEFORE).await;
        self.scene.begin(fault).await;
        let struck = Instant::now();
        wrong.extend(self.meanwhile(tenant, fault).await);
        // By now the primary is ahead of a replica that is frozen.
        let reads = [0, 1].map(|gateway| self.reads(fault, gateway));
        sleep(AFTER.saturating_sub(struck.elapsed()).max(AFTER / 4)).await;
        let now = [0, 1].map(|gateway| self.reads(fault, gateway));
        if now != reads {
            wrong.push(format!("the replica was read meanwhile: {reads:?} times, then {now:?}"));
        }
        let mut met = Vec::new();
        for (load, lot) in loads.into_iter().zip(fault.lots()) {
            met.push(load.end(lot, struck).await);
        }
        if fault != Fault::PrimaryRestored {
            self.scene.end(fault).await;
        }
        wrong.extend(self.afterwards(tenant, fault).await);
        if fault == Fault::PrimaryReadOnly {
            // Remaining read-only sessions are ended, so that the next state begins without them.
            self.scene.end_sessions().await;
        }
        self.report(fault, &met, began.elapsed());
        wrong.extend(met.into_iter().flat_map(|met| met.wrong));
        self.failed.extend(wrong.into_iter().map(|why| format!("{fault:?}: {why}")));
    }

    /// Addresses of the gateways that must answer during the fault.
    fn answering(&self, fault: Fault) -> Vec<&str> {
        let well = self.addresses.iter().zip(fault.lots());
        well.filter(|(_, lot)| matches!(lot, Lot::Untouched | Lot::Struck))
            .map(|(address, _)| address.as_str())
            .collect()
    }

    async fn prepare(&self, tenant: Tenant, fault: Fault) -> Vec<String> {
        let losses = Losses { people: &self.people, tenant };
        let both = [&*self.addresses[0], &*self.addresses[1]];
        let mut wrong = losses.prepare(both[1], &both).await;
        if fault.is_of_replica() {
            for gateway in [0, 1] {
                if !self.reads_on_replica(gateway, tenant).await {
                    wrong.push(format!("gateway {gateway} does not read on the replica: the state would show nothing"));
                }
            }
        }
        if fault == Fault::PrimaryRestored {
            let since = Losses { people: &self.people, tenant: SINCE_BACKUP };
            wrong.extend(since.prepare(both[1], &both).await);
        }
        if !fault.takes_changes() {
            wrong.extend(losses.lose(both[1]).await);
        }
        wrong
    }

    /// Number of transactions that a gateway has read on the replica; `None` in states in which it may go on reading
    /// there.
    fn reads(&self, fault: Fault, gateway: usize) -> Option<u64> {
        fault.is_of_replica().then(|| self.scene.read_on_replica(gateway))
    }

    async fn reads_on_replica(&self, gateway: usize, tenant: Tenant) -> bool {
        let question = Losses { people: &self.people, tenant }.lists("DSO 0000");
        let ask = async || drop(question.ask(&self.people, &self.addresses[gateway]).await);
        self.scene.is_read_again(gateway, self.scene.read_on_replica(gateway), RECOVERY, ask).await
    }

    /// All requests beside the load while the fault lasts.
    async fn meanwhile(&mut self, tenant: Tenant, fault: Fault) -> Vec<String> {
        let people = Arc::clone(&self.people);
        let losses = Losses { people: &people, tenant };
        if fault == Fault::PrimaryRestored {
            let since = Losses { people: &people, tenant: SINCE_BACKUP };
            return restored::restored(&mut self.scene, losses, since, &self.addresses).await;
        }
        let mut wrong = Vec::new();
        let answering = self.answering(fault);
        if fault.takes_changes() {
            // Alternates between the gateways.
            let through = answering[tenant.0 % answering.len()];
            wrong.extend(losses.lose(through).await);
            wrong.extend(losses.make("Made meanwhile", Duration::ZERO, through, &answering).await);
        } else {
            for address in &answering {
                wrong.extend(losses.cannot_make(address).await);
            }
        }
        for address in &answering {
            wrong.extend(losses.are_refused(Duration::ZERO, address).await);
        }
        let bounded = self.addresses.iter().zip(fault.lots()).filter(|(_, lot)| *lot == Lot::Bounded);
        wrong.extend(join_all(bounded.map(|(address, _)| losses.see_nothing(address))).await.concat());
        match fault {
            Fault::MailSilent | Fault::MailGone => {
                wrong.extend(errands::invite(&people, tenant, &self.addresses).await);
            }
            Fault::IssuerSilent | Fault::IssuerGone | Fault::IssuerFailing => {
                wrong.extend(errands::knock(&self.scene.issuer, tenant, &self.addresses).await);
            }
            _ => {}
        }
        wrong
    }

    /// Checks that everything works again at both gateways.
    async fn afterwards(&self, tenant: Tenant, fault: Fault) -> Vec<String> {
        let losses = Losses { people: &self.people, tenant };
        let patience = |lot| if lot == Lot::Untouched { Duration::ZERO } else { RECOVERY };
        let mut wrong = Vec::new();
        for (address, lot) in self.addresses.iter().zip(fault.lots()) {
            wrong.extend(losses.are_refused(patience(lot), address).await);
        }
        let both = [&*self.addresses[0], &*self.addresses[1]];
        for ((through, lot), name) in both.iter().zip(fault.lots()).zip(["Made at A", "Made at B"]) {
            wrong.extend(losses.make(name, patience(lot), through, &both).await);
        }
        if matches!(fault, Fault::MailSilent | Fault::MailGone) {
            wrong.extend(errands::mails_come(&self.scene, tenant).await);
        }
        wrong
    }

    fn report(&mut self, fault: Fault, met: &[Met], took: Duration) {
        let name = format!("{fault:?}");
        let time = |met: &Met| met.p99.map_or_else(|| "-".to_owned(), |time| format!("{time:.1?}"));
        let slowest = met.iter().map(|met| met.slowest).max().unwrap_or_default();
        let again: usize = met.iter().map(|met| met.again).sum();
        println!(
            "{name:<16} {:>9} {:>9} {:>9} {again:>6} {:>7}",
            time(&met[0]),
            time(&met[1]),
            format!("{slowest:.1?}"),
            format!("{took:.1?}")
        );
        for ((met, calm), gateway) in met.iter().zip(self.calm).zip(["A", "B"]) {
            let bound = NOTICEABLE.max(3 * calm);
            if let Some(p99) = met.p99.filter(|p99| *p99 > bound) {
                self.failed.push(format!("{name}: at {gateway} others took {p99:.1?}, and {calm:.1?} before"));
            }
            if met.slowest > AT_MOST {
                self.failed.push(format!("{name}: a caller at {gateway} has waited for {:.1?}", met.slowest));
            }
        }
    }
}
