//! The next step that brings one file to what was decided.
//! In comes what stands at the file's three names, out comes one step, or that there is none left.
//! Never looks at a disk; whatever a crash or a person made of the three, the same question finds the way on.

/// What stands at a name, seen from a file's change. A change that creates or deletes has `Nothing` before or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Nothing.
    Nothing,
    /// The text that the decision rests on.
    Before,
    /// The text that was decided.
    After,
    /// Anything else: somebody typed it.
    Theirs,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Create,
    Edit,
    Delete,
}

/// The three names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scene {
    /// The file's own.
    pub target: Holds,
    /// Where our text waits, and what it was exchanged for comes to lie.
    pub new: Holds,
    /// Where a file is put aside.
    pub old: Holds,
}

/// One of the two names that are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ours {
    New,
    Old,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Write our text beside the target.
    Write,
    /// Exchange it with the target.
    Exchange,
    /// Give it the target's name, which is free.
    Appear,
    /// Put the target aside.
    SetAside,
    /// Give what was put aside its name back: it is not what the decision rests on.
    PutBack,
    /// Exchange what somebody typed with our text, which has its place.
    GiveWay(Ours),
    /// Keep what somebody typed and what has no place in the file.
    Rescue(Ours),
    /// Remove a text that is known.
    Remove(Ours),
    /// None: the file says what was decided, or did so until somebody went on typing.
    Placed,
    /// None: somebody changed the file before it could follow.
    Diverged,
}

pub(super) fn next(kind: Kind, scene: Scene) -> Step {
    match kind {
        Kind::Create => create(scene),
        Kind::Edit => edit(scene),
        Kind::Delete => delete(scene),
    }
}

fn create(scene: Scene) -> Step {
    match (scene.target, scene.new) {
        // Nothing was there that could have been put aside.
        _ if scene.old != Holds::Nothing => clear(Ours::Old, scene.old),
        (Holds::Nothing | Holds::Before, Holds::Nothing) => Step::Write,
        (Holds::Nothing | Holds::Before, Holds::After) => Step::Appear,
        (Holds::After, Holds::Nothing) => Step::Placed,
        (Holds::Theirs, Holds::Nothing) => Step::Diverged,
        (_, new @ (Holds::Before | Holds::Theirs)) | (Holds::After | Holds::Theirs, new @ Holds::After) => clear(Ours::New, new),
    }
}

fn edit(scene: Scene) -> Step {
    match (scene.target, scene.new, scene.old) {
        (Holds::After, Holds::Nothing, Holds::Nothing) => Step::Placed,
        (Holds::After, Holds::Theirs, _) => Step::GiveWay(Ours::New),
        (Holds::After, new @ (Holds::Before | Holds::After), _) => clear(Ours::New, new),
        (Holds::After, Holds::Nothing, Holds::Theirs) => Step::GiveWay(Ours::Old),
        (Holds::After, Holds::Nothing, old @ (Holds::Before | Holds::After)) => clear(Ours::Old, old),

        (Holds::Before, _, old @ (Holds::Before | Holds::After | Holds::Theirs)) => clear(Ours::Old, old),
        (Holds::Before, Holds::Nothing, Holds::Nothing) => Step::Write,
        (Holds::Before, Holds::After, Holds::Nothing) => Step::Exchange,
        (Holds::Before, new @ (Holds::Before | Holds::Theirs), Holds::Nothing) => clear(Ours::New, new),

        // Put aside by us, where files cannot be exchanged: the one moment in which its name is free.
        (Holds::Nothing, _, Holds::Theirs) => Step::PutBack,
        (Holds::Nothing, Holds::After, Holds::Before) => Step::Appear,
        (Holds::Nothing, Holds::Nothing, Holds::Before) => Step::Write,
        (Holds::Nothing, new @ (Holds::Before | Holds::Theirs), Holds::Before) => clear(Ours::New, new),
        // Otherwise somebody removed it.
        (Holds::Nothing, _, Holds::After) => clear(Ours::Old, Holds::After),
        (Holds::Nothing, Holds::Nothing, Holds::Nothing) => Step::Diverged,
        (Holds::Nothing, new @ (Holds::Before | Holds::After | Holds::Theirs), Holds::Nothing) => clear(Ours::New, new),

        (Holds::Theirs, Holds::Nothing, Holds::Nothing) => Step::Diverged,
        (Holds::Theirs, new @ (Holds::Before | Holds::After | Holds::Theirs), _) => clear(Ours::New, new),
        (Holds::Theirs, Holds::Nothing, old @ (Holds::Before | Holds::After | Holds::Theirs)) => clear(Ours::Old, old),
    }
}

fn delete(scene: Scene) -> Step {
    match (scene.target, scene.old) {
        // There is no text of ours.
        _ if scene.new != Holds::Nothing => clear(Ours::New, scene.new),
        (Holds::Nothing | Holds::After, Holds::Nothing) => Step::Placed,
        (Holds::Nothing | Holds::After, Holds::Theirs) => Step::PutBack,
        (Holds::Before, Holds::Nothing) => Step::SetAside,
        (Holds::Theirs, Holds::Nothing) => Step::Diverged,
        (_, old @ (Holds::Before | Holds::After)) | (Holds::Before | Holds::Theirs, old @ Holds::Theirs) => clear(Ours::Old, old),
    }
}

fn clear(name: Ours, holds: Holds) -> Step {
    match holds {
        Holds::Theirs => Step::Rescue(name),
        Holds::Nothing | Holds::Before | Holds::After => Step::Remove(name),
    }
}

impl Scene {
    /// Whether the decision took its place in the file: nothing is left but to remove what stood there.
    pub(super) fn was_placed(self, kind: Kind) -> bool {
        match kind {
            Kind::Create => self.target == Holds::After,
            // What stood there comes to lie under our names by an exchange, or aside once our text has gone to its place.
            Kind::Edit => {
                self.target == Holds::After
                    || self.target == Holds::Theirs
                        && (self.new == Holds::Before || self.new == Holds::Nothing && self.old == Holds::Before)
            }
            Kind::Delete => match self.target {
                Holds::Nothing | Holds::After => self.old != Holds::Theirs,
                Holds::Before => false,
                Holds::Theirs => self.old == Holds::Before,
            },
        }
    }
}
