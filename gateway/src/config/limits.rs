//! `[limits]`: how much is let in, and what happens beyond.
//!
//! Owns: [`Limits`], [`Limit`] and their ranges. May use: `section`. Invariant: each limit is in a range in which it still limits; one that
//! is only measured still ends at the top of its range.

use std::time::Duration;

use super::reader::Section;

/// What is limited. Its key is the name under which it is configured, counted and spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Bytes of a document of somebody signed in.
    DocumentBytes,
    /// Lexical tokens of a document.
    Tokens,
    /// Levels of a document.
    Depth,
    /// Aliases of a document, fragments expanded.
    Aliases,
    /// Root fields of a document, fragments expanded.
    RootFields,
    /// Directives of a document, fragments expanded.
    Directives,
    /// Fields of a document, fragments expanded.
    Fields,
    /// What an operation may cost: about one for each row that it can answer.
    Cost,
    /// Errors of an answer; the rest is counted.
    Errors,
    /// Bytes of an answer.
    AnswerBytes,
    /// Milliseconds of an operation, from when it begins to run.
    Time,
    /// Milliseconds of a download, from its beginning to its last byte.
    Download,
    /// Operations that run at once in this process; others wait.
    Running,
    /// The same of one organization.
    RunningOfOne,
    /// Operations that wait.
    Waiting,
    /// The same of one organization.
    WaitingOfOne,
    /// Milliseconds that an operation waits.
    Wait,
    /// What one person's operations may cost in a minute.
    PersonRate,
    /// What one organization's operations may cost in a minute.
    OrganizationRate,
    /// Subscriptions that one person has at once at this process.
    SubscriptionsOfPerson,
    /// The same of one organization.
    SubscriptionsOfOrganization,
}

/// What happens beyond a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enforcement {
    /// It is refused.
    Refuse,
    /// It is counted and let through: how an operator finds out whom a limit would hit.
    Measure,
}

/// One limit's figures.
#[derive(Clone, Copy, Debug)]
pub struct LimitSetting {
    /// As much is within it.
    pub most: u64,
    /// What happens beyond.
    pub beyond: Enforcement,
    /// Beyond this, everything is refused: only what is bounded can be measured.
    pub end: u64,
}

impl LimitSetting {
    /// As much is let through.
    #[must_use]
    pub const fn allowed(self) -> u64 {
        match self.beyond {
            Enforcement::Refuse => self.most,
            Enforcement::Measure => self.end,
        }
    }
}

/// How much is let in.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    bounds: [LimitSetting; Limit::ALL.len()],
    /// Largest document of somebody who is not signed in, in bytes. No measuring here: it is part of a wall.
    pub anonymous_document_bytes: usize,
    /// Rows of a page when the query does not say.
    pub default_page_size: u32,
    /// Most rows of a page.
    pub max_page_size: u32,
}

impl Limit {
    /// Each of them, in their order.
    pub const ALL: [Self; 21] = [
        Self::DocumentBytes,
        Self::Tokens,
        Self::Depth,
        Self::Aliases,
        Self::RootFields,
        Self::Directives,
        Self::Fields,
        Self::Cost,
        Self::Errors,
        Self::AnswerBytes,
        Self::Time,
        Self::Download,
        Self::Running,
        Self::RunningOfOne,
        Self::Waiting,
        Self::WaitingOfOne,
        Self::Wait,
        Self::PersonRate,
        Self::OrganizationRate,
        Self::SubscriptionsOfPerson,
        Self::SubscriptionsOfOrganization,
    ];

    /// Its key in `[limits]`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::DocumentBytes => "document_bytes",
            Self::Tokens => "max_tokens",
            Self::Depth => "max_depth",
            Self::Aliases => "max_aliases",
            Self::RootFields => "max_root_fields",
            Self::Directives => "max_directives",
            Self::Fields => "max_fields",
            Self::Cost => "max_cost",
            Self::Errors => "max_errors",
            Self::AnswerBytes => "answer_bytes",
            Self::Time => "operation_ms",
            Self::Download => "download_ms",
            Self::Running => "max_running",
            Self::RunningOfOne => "max_running_per_organization",
            Self::Waiting => "max_waiting",
            Self::WaitingOfOne => "max_waiting_per_organization",
            Self::Wait => "max_wait_ms",
            Self::PersonRate => "person_cost_per_minute",
            Self::OrganizationRate => "organization_cost_per_minute",
            Self::SubscriptionsOfPerson => "subscriptions_per_person",
            Self::SubscriptionsOfOrganization => "subscriptions_per_organization",
        }
    }

    const fn range(self) -> (u32, u32) {
        match self {
            Self::DocumentBytes => (256, 1024 * 1024),
            Self::Tokens => (50, 100_000),
            Self::Depth => (3, 64),
            Self::Aliases | Self::Directives => (0, 1000),
            Self::RootFields => (1, 1000),
            Self::Fields => (50, 10_000),
            Self::Cost => (100, 10_000_000),
            Self::Errors => (1, 10_000),
            Self::AnswerBytes => (64 * 1024, 256 * 1024 * 1024),
            Self::Time => (100, 600_000),
            Self::Download => (100, 86_400_000),
            Self::Running | Self::RunningOfOne => (1, 10_000),
            Self::Waiting | Self::WaitingOfOne => (0, 100_000),
            Self::Wait => (1, 60_000),
            Self::PersonRate | Self::OrganizationRate => (100, 1_000_000_000),
            Self::SubscriptionsOfPerson | Self::SubscriptionsOfOrganization => (0, 10_000),
        }
    }

    /// What it is where the operator leaves it to the machine.
    fn of_the_machine(self, connections: u32) -> Option<u32> {
        match self {
            // While some wait for the database, as many others are read, resolved and written.
            Self::Running => Some(connections.saturating_mul(2)),
            // A quarter of the connections is always left: nobody waits for one behind a single organization's flood.
            Self::RunningOfOne => Some((connections.saturating_mul(3) / 4).max(1)),
            // Whoever waits behind more than these waits several times as long as they would run: better to come again.
            Self::Waiting => Some(connections.saturating_mul(32)),
            Self::WaitingOfOne => Some(connections.saturating_mul(16)),
            _ => None,
        }
    }
}

impl Limits {
    pub(super) fn read(mut section: Section<'_>, connections: u32) -> Self {
        let measured = section.texts("measure").unwrap_or_default();
        let bounds = Limit::ALL.map(|limit| {
            let (least, end) = limit.range();
            let most = match limit.of_the_machine(connections) {
                Some(otherwise) => section.number_or(limit.key(), least..=end, otherwise),
                None => section.number(limit.key(), least..=end),
            };
            let is_measured = measured.iter().any(|key| key == limit.key());
            let beyond = if is_measured { Enforcement::Measure } else { Enforcement::Refuse };
            LimitSetting { most: most.into(), beyond, end: end.into() }
        });
        for unknown in measured.iter().filter(|key| Limit::ALL.iter().all(|limit| limit.key() != *key)) {
            let known = Limit::ALL.map(|limit| format!("`{}`", limit.key())).join(", ");
            section.problem("measure", format!("names `{unknown}`"), format!("write some of {known}"));
        }
        let limits = Self {
            bounds,
            anonymous_document_bytes: section.number("anonymous_document_bytes", 0..=16 * 1024) as usize,
            default_page_size: section.number("default_page_size", 1..=1000),
            max_page_size: section.number("max_page_size", 1..=1000),
        };
        for (key, part, whole) in [
            ("default_page_size", limits.default_page_size.into(), ("max_page_size", limits.max_page_size.into())),
            limits.part_of(Limit::RunningOfOne, Limit::Running),
            limits.part_of(Limit::WaitingOfOne, Limit::Waiting),
        ] {
            let (name, whole): (_, u64) = whole;
            if part > whole {
                section.problem(key, format!("is {part}, more than `{name}`"), format!("write at most {whole}"));
            }
        }
        section.finish();
        limits
    }

    /// The embedded defaults.
    #[cfg(test)]
    pub(crate) fn defaults() -> Self {
        match super::Config::from_layers(None, [], super::Overrides::default()) {
            Ok(config) => config.limits,
            Err(problems) => unreachable!("the defaults are unsound: {problems}"),
        }
    }

    fn part_of(&self, part: Limit, whole: Limit) -> (&'static str, u64, (&'static str, u64)) {
        (part.key(), self.of(part).most, (whole.key(), self.of(whole).most))
    }

    /// A limit's figures.
    #[must_use]
    pub fn of(&self, limit: Limit) -> LimitSetting {
        self.bounds[limit as usize]
    }

    /// Whether as much as this is let through.
    #[must_use]
    pub fn allows(&self, limit: Limit, found: u64) -> bool {
        found <= self.of(limit).allowed()
    }

    /// The same limits with another figure for one of them: what tests call.
    #[must_use]
    pub fn with(mut self, limit: Limit, most: u64, beyond: Enforcement) -> Self {
        let bound = &mut self.bounds[limit as usize];
        *bound = LimitSetting { most, beyond, ..*bound };
        self
    }

    /// How long something may take that is limited in milliseconds.
    #[must_use]
    pub fn duration(&self, limit: Limit) -> Duration {
        Duration::from_millis(self.of(limit).most)
    }
}
