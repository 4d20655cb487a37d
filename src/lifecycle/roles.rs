//! Who may do what: the other half of the table. A state says what may happen to a sequence, a role says who may do it.
//! In come settings, who asks and for what; out comes how far their right goes. It guards against mistakes and is no login:
//! whoever says who they are is believed.

use std::fmt;

use crate::settings::{Role, Settings, UndeclaredActor};

use super::table::Verb;

/// Something that it takes a role to do. Looking takes none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A verb on a sequence.
    Sequence(Verb),
    /// Taking in records from a file.
    ImportRecords,
}

/// How far a right goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// There is none.
    Nothing,
    /// To what is one's own.
    Own,
    /// To everything.
    Everything,
}

impl Reach {
    /// The word in the printed table.
    pub const fn word(self) -> &'static str {
        match self {
            Reach::Nothing => "no",
            Reach::Own => "their own",
            Reach::Everything => "yes",
        }
    }
}

/// What somebody is to a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capacity<'a> {
    /// Nobody is declared, so that everybody may do everything.
    Anybody,
    /// They are declared, with these roles.
    Declared(&'a [Role]),
    /// Others are declared.
    Undeclared(UndeclaredActor),
}

impl Deed {
    /// Everything that it takes a role to do, in the order of the printed table.
    pub fn all() -> impl Iterator<Item = Deed> {
        Verb::ALL.iter().copied().filter(|verb| verb.is_offered()).map(Deed::Sequence).chain([Deed::ImportRecords])
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Deed::Sequence(verb) => formatter.write_str(verb.word()),
            Deed::ImportRecords => formatter.write_str("import records"),
        }
    }
}

/// How far the right of a role goes. There is no other place that decides it. Source: the reference's security roles.
pub const fn reach(role: Role, deed: Deed) -> Reach {
    match role {
        Role::Administrator | Role::SequenceManager | Role::SalesManager => Reach::Everything,
        Role::Salesperson => match deed {
            Deed::Sequence(Verb::New | Verb::Clone | Verb::Connect | Verb::Disconnect) => Reach::Everything,
            Deed::Sequence(
                Verb::Edit
                | Verb::ChangeRecordType
                | Verb::Assign
                | Verb::Tag
                | Verb::Untag
                | Verb::Rename
                | Verb::Activate
                | Verb::Revise
                | Verb::Discard
                | Verb::Deactivate
                | Verb::Delete,
            ) => Reach::Own,
            Deed::ImportRecords => Reach::Nothing,
        },
    }
}

/// What somebody is to a workspace with these settings.
pub fn capacity<'a>(settings: &'a Settings, actor: &str) -> Capacity<'a> {
    match settings.people.as_ref().filter(|people| !people.is_empty()) {
        None => Capacity::Anybody,
        Some(people) => match people.get(actor) {
            Some(person) => Capacity::Declared(&person.roles),
            None => Capacity::Undeclared(settings.undeclared_actor),
        },
    }
}

impl Capacity<'_> {
    /// How far the right to do something goes. Of several roles the widest counts.
    pub fn reach(self, deed: Deed) -> Reach {
        let of_one = match self {
            Capacity::Anybody => return Reach::Everything,
            Capacity::Declared(roles) => {
                return roles.iter().map(|role| reach(*role, deed)).max().unwrap_or(Reach::Nothing);
            }
            Capacity::Undeclared(UndeclaredActor::ReadOnly) => return Reach::Nothing,
            Capacity::Undeclared(UndeclaredActor::Administrator) => Role::Administrator,
            Capacity::Undeclared(UndeclaredActor::SequenceManager) => Role::SequenceManager,
            Capacity::Undeclared(UndeclaredActor::SalesManager) => Role::SalesManager,
            Capacity::Undeclared(UndeclaredActor::Salesperson) => Role::Salesperson,
        };
        reach(of_one, deed)
    }
}

/// The declared people who may do something with a sequence of that owner, the owner first.
pub fn people_who_may<'a>(settings: &'a Settings, deed: Deed, owner: Option<&str>) -> Vec<&'a str> {
    let people = || settings.people.iter().flatten();
    let reach = |roles: &'a [Role]| Capacity::Declared(roles).reach(deed);
    let own = people().filter(|(name, person)| owner == Some(name.as_str()) && reach(&person.roles) >= Reach::Own);
    let others = people().filter(|(name, person)| owner != Some(name.as_str()) && reach(&person.roles) == Reach::Everything);
    own.chain(others).map(|(name, _)| name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::settings::Person;

    fn settings(people: &[(&str, &[Role])], undeclared_actor: UndeclaredActor) -> Settings {
        let person = |(name, roles): &(&str, &[Role])| ((*name).to_owned(), Person { roles: roles.to_vec(), calendar: None });
        let people: BTreeMap<String, Person> = people.iter().map(person).collect();
        Settings { people: Some(people), undeclared_actor, ..Settings::default() }
    }

    const EDIT: Deed = Deed::Sequence(Verb::Edit);

    #[test]
    fn with_nobody_declared_everybody_may_do_everything() {
        for settings in [Settings::default(), settings(&[], UndeclaredActor::ReadOnly)] {
            assert!(Deed::all().all(|deed| capacity(&settings, "eva").reach(deed) == Reach::Everything));
        }
    }

    #[test]
    fn whoever_is_not_declared_is_what_the_setting_says() {
        let ana: &[(&str, &[Role])] = &[("ana", &[Role::Administrator])];
        let reach = |undeclared, deed| capacity(&settings(ana, undeclared), "eva").reach(deed);
        assert!(Deed::all().all(|deed| reach(UndeclaredActor::ReadOnly, deed) == Reach::Nothing));
        assert_eq!(reach(UndeclaredActor::Salesperson, EDIT), Reach::Own);
        assert_eq!(reach(UndeclaredActor::SalesManager, EDIT), Reach::Everything);
    }

    #[test]
    fn the_widest_of_several_roles_counts_and_no_role_is_no_right() {
        let reach = |roles: &[Role]| capacity(&settings(&[("ana", roles)], UndeclaredActor::Administrator), "ana").reach(EDIT);
        assert_eq!(reach(&[Role::Salesperson, Role::SalesManager]), Reach::Everything);
        assert_eq!(reach(&[Role::Salesperson]), Reach::Own);
        assert_eq!(reach(&[]), Reach::Nothing);
    }

    #[test]
    fn the_owner_is_named_first_of_those_who_may() {
        let settings = settings(
            &[("ana", &[Role::Administrator]), ("dina", &[Role::Salesperson]), ("eli", &[Role::Salesperson])],
            UndeclaredActor::ReadOnly,
        );
        assert_eq!(people_who_may(&settings, EDIT, Some("eli")), ["eli", "ana"]);
        assert_eq!(people_who_may(&settings, EDIT, None), ["ana"]);
        assert_eq!(people_who_may(&settings, Deed::ImportRecords, Some("eli")), ["ana"]);
    }
}
