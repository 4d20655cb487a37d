//! Steps as scripts see them: handles that read the file as it stands, and write it inside an edit.

use std::collections::BTreeSet;

use rhai::{Dynamic, Engine, FuncRegistration, NativeCallContext};

use crate::sequence::{StepType, step_shape};
use crate::shape::{Key, Need};

use super::desk::{Answer, Told, asked};
use super::listing::{Listing, Walk};
use super::node::{Beside, Node, Part, Step, Steps};
use super::offer::offer;

impl Listing for Steps {
    fn length(&self) -> Answer<usize> {
        self.handles().map(|steps| steps.len())
    }

    fn walk(&self) -> Walk {
        match self.handles() {
            Ok(steps) => Box::new(steps.into_iter().map(|step| Ok(Dynamic::from(step)))),
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    }
}

impl Steps {
    fn handles(&self) -> Answer<Vec<Step>> {
        self.node.desk.is_open()?;
        self.all().map_err(|failure| self.node.desk.refuse(None, failure))
    }
}

fn write(context: &NativeCallContext<'_>, steps: &Steps, work: impl FnOnce(&Steps) -> Told<()>) -> Answer<Steps> {
    asked(context, &steps.node.desk, |_| work(steps))?;
    Ok(steps.clone())
}

pub(super) fn register(engine: &mut Engine) {
    offer! { engine;
        /// The step of that id, in this list or in a branch below it.
        ///
        /// Refused with `unknown-step` where there is none.
        ///
        /// `sequence("inbound-lead").steps["intro"]`
        "index$get$"("steps: Steps", "id: string") -> "Step" =
            |context: NativeCallContext<'_>, steps: &mut Steps, id: &str| -> Answer<Step> {
                asked(&context, &steps.node.desk, |_| steps.get(id))
            };
        /// Writes the step of that id anew, inside `edit(|s| ...)`.
        ///
        /// Refused with `outside-edit`, `unknown-step`, and what is wrong with the step: `unknown-key`, `missing-key`,
        /// `wrong-type`.
        ///
        /// `s.steps["intro"] = #{ id: "intro", type: "task", name: "Call them" };`
        "index$set$"("steps: Steps", "id: string", "step: map") -> "()" =
            |context: NativeCallContext<'_>, steps: &mut Steps, id: &str, step: Dynamic| -> Answer<()> {
                asked(&context, &steps.node.desk, |_| steps.replace(id, &step))
            };
        /// The step of that id, in this list or in a branch below it, or `()`.
        ///
        /// `if sequence("inbound-lead").steps.find_step("nudge") == () { print("no nudge"); }`
        "find_step"("steps: Steps", "id: string") -> "Step | ()" =
            |context: NativeCallContext<'_>, steps: &mut Steps, id: &str| -> Answer<Dynamic> {
                asked(&context, &steps.node.desk, |_| Ok(steps.find(id)?.map_or(Dynamic::UNIT, Dynamic::from)))
            };
        /// Whether a step of that id is in this list or in a branch below it; `in` asks the same.
        ///
        /// `if "nudge" in sequence("inbound-lead").steps { print("there is a nudge"); }`
        "contains"("steps: Steps", "id: string") -> "bool" =
            |context: NativeCallContext<'_>, steps: &mut Steps, id: &str| -> Answer<bool> {
                asked(&context, &steps.node.desk, |_| Ok(steps.find(id)?.is_some()))
            };
        /// Puts a new step to the end of this list. A step of another sequence is copied.
        ///
        /// Refused with `outside-edit`, `duplicate-step-id`, and what is wrong with the step: `unknown-key`, `missing-key`,
        /// `wrong-type`, `unknown-step-type`.
        ///
        /// `s.steps["opened"].then.append(#{ id: "thank", type: "task", name: "Send a card" });`
        "append"("steps: Steps", "step: map | Step") -> "Steps" =
            |context: NativeCallContext<'_>, steps: &mut Steps, step: Dynamic| write(&context, steps, |steps| steps.append(&step));
        /// Puts a new step before another, in whatever list that is.
        ///
        /// Refused like `append`, and with `unknown-step`.
        ///
        /// `s.steps.insert_before("rate", #{ id: "thank", type: "task", name: "Send a card" });`
        "insert_before"("steps: Steps", "id: string", "step: map | Step") -> "Steps" =
            |context: NativeCallContext<'_>, steps: &mut Steps, id: &str, step: Dynamic| {
                write(&context, steps, |steps| steps.insert(Beside::Before(id), &step))
            };
        /// Puts a new step behind another, in whatever list that is.
        ///
        /// Refused like `append`, and with `unknown-step`.
        ///
        /// `s.steps.insert_after("rate", #{ id: "thank", type: "task", name: "Send a card" });`
        "insert_after"("steps: Steps", "id: string", "step: map | Step") -> "Steps" =
            |context: NativeCallContext<'_>, steps: &mut Steps, id: &str, step: Dynamic| {
                write(&context, steps, |steps| steps.insert(Beside::Behind(id), &step))
            };
        /// Takes a step out, with its branches.
        ///
        /// Refused with `outside-edit`, `unknown-step`.
        ///
        /// `s.steps.remove("nudge");`
        "remove"("steps: Steps", "id: string") -> "Steps" =
            |context: NativeCallContext<'_>, steps: &mut Steps, id: &str| write(&context, steps, |steps| steps.remove(id));
        /// Moves a step, with its comments, before another, in whatever list that is.
        ///
        /// Refused with `outside-edit`, `unknown-step`, `wrong-type` where it would go into itself.
        ///
        /// `s.steps.move_before("call", "intro");`
        "move_before"("steps: Steps", "id: string", "other: string") -> "Steps" =
            |context: NativeCallContext<'_>, steps: &mut Steps, id: &str, other: &str| {
                write(&context, steps, |steps| steps.move_step(id, Beside::Before(other)))
            };
        /// Moves a step, with its comments, behind another, in whatever list that is.
        ///
        /// Refused with `outside-edit`, `unknown-step`, `wrong-type` where it would go into itself.
        ///
        /// `s.steps.move_after("intro", "call");`
        "move_after"("steps: Steps", "id: string", "other: string") -> "Steps" =
            |context: NativeCallContext<'_>, steps: &mut Steps, id: &str, other: &str| {
                write(&context, steps, |steps| steps.move_step(id, Beside::Behind(other)))
            };
        /// Moves a step of this sequence, with its comments, to the end of this list.
        ///
        /// Refused with `outside-edit`, `unknown-step`, `wrong-type` where it would go into itself.
        ///
        /// `s.steps["opened"].then.move_here("call");`
        "move_here"("steps: Steps", "id: string") -> "Steps" =
            |context: NativeCallContext<'_>, steps: &mut Steps, id: &str| write(&context, steps, |steps| steps.move_here(id));
        /// Any key of the step by its name in the file, also where Rhai reserves the word. A key that is not there is `()`, a list
        /// that is not there is empty.
        ///
        /// Refused with `unknown-key` where a step of this type has no such key, `unknown-step` where the step is gone.
        ///
        /// `sequence("inbound-lead").steps["breathe"]["for"]`
        "index$get$"("step: Step", "key: string") -> "anything" =
            |context: NativeCallContext<'_>, step: &mut Step, key: &str| get(&context, &step.0, key);
        /// Writes a key of the step, inside `edit(|s| ...)`; `()` takes the key away.
        ///
        /// Refused with `outside-edit`, `unknown-key`, `unknown-step` where the step is gone, and what is wrong with the value:
        /// `wrong-type`, `unknown-value`, `bad-duration`, `bad-id`, `out-of-range`, `too-long`.
        ///
        /// `s.steps["breathe"]["for"] = "3d";`
        "index$set$"("step: Step", "key: string", "value: anything") -> "()" =
            |context: NativeCallContext<'_>, step: &mut Step, key: &str, value: Dynamic| set(&context, &mut step.0, key, &value);
        /// The step as `print` shows it.
        ///
        /// `print(sequence("inbound-lead").steps["intro"]);`
        "to_string"("step: Step") -> "string" = |context: NativeCallContext<'_>, step: &mut Step| show(&context, step);
        /// The step as `debug` shows it.
        ///
        /// `debug(sequence("inbound-lead").steps["intro"]);`
        "to_debug"("step: Step") -> "string" = |context: NativeCallContext<'_>, step: &mut Step| show(&context, step);
        /// Any key of a mapping by its name in the file.
        ///
        /// Refused with `unknown-key` where it has no such key.
        ///
        /// `sequence("outbound").steps["test"].a["template"]`
        "index$get$"("part: Part", "key: string") -> "anything" =
            |context: NativeCallContext<'_>, part: &mut Part, key: &str| get(&context, &part.0, key);
        /// Writes a key of a mapping, inside `edit(|s| ...)`; `()` takes the key away.
        ///
        /// Refused with `outside-edit`, `unknown-key`, and what is wrong with the value.
        ///
        /// `s.steps["test"].a.template = "intro-short";`
        "index$set$"("part: Part", "key: string", "value: anything") -> "()" =
            |context: NativeCallContext<'_>, part: &mut Part, key: &str, value: Dynamic| set(&context, &mut part.0, key, &value);
    }
    properties(engine);
}

/// Every key that a type of step has, as a property: those that Rhai does not reserve.
fn properties(engine: &mut Engine) {
    let mut known = BTreeSet::new();
    for step_type in StepType::ALL {
        for key in step_shape(*step_type).keys() {
            if known.insert(key.name) {
                property(engine, key);
            }
        }
    }
}

fn property(engine: &mut Engine, key: &'static Key) {
    let name = key.name;
    let example = format!("/// In a file: `{name}: {}`", key.example);
    let page = [format!("/// {}", key.doc), "///".to_owned(), example.clone()];
    let returns = if key.need == Need::Required { "anything" } else { "anything | ()" };
    let _ = FuncRegistration::new_getter(name)
        .with_comments(page)
        .with_params_info(["step: Step", returns])
        .register_into_engine(engine, move |context: NativeCallContext<'_>, step: &mut Step| get(&context, &step.0, name));
    let page = [format!("/// {} Written inside `edit(|s| ...)`; `()` takes it away.", key.doc), "///".to_owned(), example];
    let setter = FuncRegistration::new_setter(name).with_comments(page);
    let _ = setter
        .with_params_info(["step: Step", "value: anything", "()"])
        .register_into_engine(engine, move |context: NativeCallContext<'_>, step: &mut Step, value: Dynamic| {
            set(&context, &mut step.0, name, &value)
        });
}

pub(super) fn get(context: &NativeCallContext<'_>, node: &Node, key: &str) -> Answer<Dynamic> {
    asked(context, &node.desk, |_| node.get(key))
}

pub(super) fn set(context: &NativeCallContext<'_>, node: &mut Node, key: &str, value: &Dynamic) -> Answer<()> {
    let desk = std::rc::Rc::clone(&node.desk);
    asked(context, &desk, |_| node.set(key, value))
}

fn show(context: &NativeCallContext<'_>, step: &Step) -> Answer<String> {
    let word = |key| get(context, &step.0, key).map(|value| value.into_string().unwrap_or_default());
    Ok(format!("{} ({})", word("id")?, word("type")?))
}
