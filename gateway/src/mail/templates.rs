//! The text of a mail, in both forms.
//!
//! Owns: the templates. May use: minijinja. Invariant: whatever a name holds, it is text in the HTML form; a name in a
//! template that is not given fails instead of leaving a gap.

use entity::commands::MailContent;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};

use super::sanitize::sanitize_name;

const TEXT: &str = "invitation.txt";
const HTML: &str = "invitation.html";

/// Both forms of a mail and what it is called.
#[derive(Debug)]
pub(super) struct RenderedBody {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// Writes pages.
pub(super) struct Templates(Environment<'static>);

impl Templates {
    pub(super) fn new() -> Result<Self, minijinja::Error> {
        let mut templates = Environment::new();
        // Said here and not left to the names of files.
        templates.set_auto_escape_callback(|name| if name == TEXT { AutoEscape::None } else { AutoEscape::Html });
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates.add_template(TEXT, include_str!("templates/invitation.txt"))?;
        templates.add_template(HTML, include_str!("templates/invitation.html"))?;
        Ok(Self(templates))
    }

    /// The page that tells of an invitation.
    pub(super) fn invitation(&self, content: &MailContent, link: &str) -> Result<RenderedBody, minijinja::Error> {
        let organization = sanitize_name(&content.organization).unwrap_or_else(|| "an organization".to_owned());
        let subject = match sanitize_name(&content.inviter) {
            Some(inviter) => format!("{inviter} invites you to {organization} on CS12"),
            None => format!("You are invited to {organization} on CS12"),
        };
        let given = context! {
            subject => subject.as_str(),
            inviter => sanitize_name(&content.inviter).unwrap_or_else(|| "Somebody".to_owned()),
            organization,
            until => content.expires_at.format("%-d %B %Y, %H:%M UTC").to_string(),
            link,
        };
        let render = |name| self.0.get_template(name)?.render(given.clone());
        let (text, html) = (render(TEXT)?, render(HTML)?);
        Ok(RenderedBody { subject, text, html })
    }
}
