//! What can be gone through: lists, steps, records, rows. All have the same functions, and none can be written to: what is
//! to be changed is assigned whole, so that no change is lost in a copy.

use std::any::TypeId;
use std::fmt::Write as _;
use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, FuncRegistration, INT, Module, NativeCallContext};

use crate::diagnostic::Code;
use crate::sandbox::{Refusal, refuse, shown};

use super::desk::Answer;
use super::offer::offer;

/// A list that stays as it is.
#[derive(Clone)]
pub(super) struct List(pub Rc<Vec<Dynamic>>);

/// Goes through items one by one.
pub(super) type Walk = Box<dyn Iterator<Item = Answer<Dynamic>>>;

/// Something with items in an order.
pub(super) trait Listing: Clone + 'static {
    /// How many there are.
    fn length(&self) -> Answer<usize>;

    /// All of them, from the first on, as they are asked for.
    fn walk(&self) -> Walk;

    /// One of them.
    fn item(&self, index: usize) -> Answer<Option<Dynamic>> {
        self.walk().nth(index).transpose()
    }
}

impl List {
    pub(super) fn new(items: Vec<Dynamic>) -> Self {
        Self(Rc::new(items))
    }
}

impl Listing for List {
    fn length(&self) -> Answer<usize> {
        Ok(self.0.len())
    }

    fn walk(&self) -> Walk {
        let items = Rc::clone(&self.0);
        Box::new((0..items.len()).map(move |index| Ok(items[index].clone())))
    }

    fn item(&self, index: usize) -> Answer<Option<Dynamic>> {
        Ok(self.0.get(index).cloned())
    }
}

/// Gives a type the functions of everything that can be gone through.
pub(super) fn register_listing<T: Listing>(engine: &mut Engine, iterators: &mut Module, name: &str) {
    iterators.set_iter_result(TypeId::of::<T>(), |list| list.cast::<T>().walk());
    let own = format!("list: {name}");
    let getter = |engine: &mut Engine, property: &str, page: [&str; 3]| {
        let _ = FuncRegistration::new_getter(property)
            .with_comments(page)
            .with_params_info([own.as_str(), "int"])
            .register_into_engine(engine, |list: &mut T| count(list));
    };
    getter(engine, "len", ["/// How many there are.", "///", "/// `print(sequences().len);`"]);
    let _ = FuncRegistration::new("len")
        .with_comments(["/// How many there are.", "///", "/// `print(sequences().len());`"])
        .with_params_info([own.as_str(), "int"])
        .register_into_engine(engine, |list: &mut T| count(list));
    let _ = FuncRegistration::new("is_empty")
        .with_comments(["/// Whether there is none.", "///", "/// `if sequences().is_empty() { print(\"nothing here\"); }`"])
        .with_params_info([own.as_str(), "bool"])
        .register_into_engine(engine, |list: &mut T| count(list).map(|count| count == 0));
    let _ = FuncRegistration::new_index_getter()
        .with_comments([
            "/// The item at a place, counted from 0; below 0 from the end.",
            "///",
            "/// Fails where there is no such place.",
            "///",
            "/// `print(sequences()[0].id);`",
        ])
        .with_params_info([own.as_str(), "index: int", "anything"])
        .register_into_engine(engine, |context: NativeCallContext<'_>, list: &mut T, index: INT| at(&context, list, index));
    closures::<T>(engine, &own);
}

fn closures<T: Listing>(engine: &mut Engine, own: &str) {
    let function = |name: &str, page: &[&str], returns: &str| {
        let comments: Vec<String> = page.iter().map(|line| format!("/// {line}").trim_end().to_owned()).collect();
        FuncRegistration::new(name).with_comments(comments).with_params_info([own, "closure: function", returns])
    };
    let page = ["Those of which the closure says `true`, in their order.", "", "`sequences().filter(|s| s.state == \"active\")`"];
    let _ = function("filter", &page, "List")
        .register_into_engine(engine, |context: NativeCallContext<'_>, list: &mut T, closure: FnPtr| {
            filter(&context, list, &closure)
        });
    let page = ["What the closure makes of each, as an array.", "", "`sequences().map(|s| s.id)`"];
    let _ = function("map", &page, "array").register_into_engine(
        engine,
        |context: NativeCallContext<'_>, list: &mut T, closure: FnPtr| -> Answer<Array> {
            list.walk().map(|item| closure.call_within_context(&context, (item?,))).collect()
        },
    );
    let page = ["The first of which the closure says `true`, or `()`.", "", "`sequences().find(|s| s.name == \"Renewal\")`"];
    let _ = function("find", &page, "anything | ()").register_into_engine(
        engine,
        |context: NativeCallContext<'_>, list: &mut T, closure: FnPtr| -> Answer<Dynamic> {
            for item in list.walk() {
                let item = item?;
                if says(&context, &closure, item.clone())? {
                    return Ok(item);
                }
            }
            Ok(Dynamic::UNIT)
        },
    );
    let page = ["Whether the closure says `true` of one of them.", "", "`sequences().some(|s| s.state == \"active\")`"];
    let _ = function("some", &page, "bool").register_into_engine(
        engine,
        |context: NativeCallContext<'_>, list: &mut T, closure: FnPtr| -> Answer<bool> {
            for item in list.walk() {
                if says(&context, &closure, item?)? {
                    return Ok(true);
                }
            }
            Ok(false)
        },
    );
    let page = ["Whether the closure says `true` of all of them.", "", "`sequences().all(|s| s.owner == \"ana.ruiz\")`"];
    let _ = function("all", &page, "bool").register_into_engine(
        engine,
        |context: NativeCallContext<'_>, list: &mut T, closure: FnPtr| -> Answer<bool> {
            for item in list.walk() {
                if !says(&context, &closure, item?)? {
                    return Ok(false);
                }
            }
            Ok(true)
        },
    );
    let _ = FuncRegistration::new("to_array")
        .with_comments(["/// An array of the script's own with the same items.", "///", "/// `sequences().to_array()`"])
        .with_params_info([own, "array"])
        .register_into_engine(engine, |list: &mut T| -> Answer<Array> { list.walk().collect() });
}

fn count<T: Listing>(list: &T) -> Answer<INT> {
    list.length().map(|length| INT::try_from(length).unwrap_or(INT::MAX))
}

fn at<T: Listing>(context: &NativeCallContext<'_>, list: &T, index: INT) -> Answer<Dynamic> {
    let length = list.length()?;
    let place = match usize::try_from(index) {
        Ok(place) => Some(place),
        Err(_) => usize::try_from(index.unsigned_abs()).ok().and_then(|back| length.checked_sub(back)),
    };
    match place.map(|place| list.item(place)).transpose()?.flatten() {
        Some(item) => Ok(item),
        None => {
            let bounds = EvalAltResult::ErrorArrayBounds(length, index, context.call_position());
            Err(bounds.into())
        }
    }
}

fn filter<T: Listing>(context: &NativeCallContext<'_>, list: &T, closure: &FnPtr) -> Answer<List> {
    let mut kept = Vec::new();
    for item in list.walk() {
        let item = item?;
        if says(context, closure, item.clone())? {
            kept.push(item);
        }
    }
    Ok(List::new(kept))
}

/// What a closure says of an item.
fn says(context: &NativeCallContext<'_>, closure: &FnPtr, item: Dynamic) -> Answer<bool> {
    let said: Dynamic = closure.call_within_context(context, (item,))?;
    said.as_bool().map_err(|_| {
        let what = if said.is_unit() {
            "nothing".to_owned()
        } else {
            format!("a value of type {}", context.engine().map_type_name(said.type_name()))
        };
        let refusal =
            Refusal::new(Code::WrongType.name(), format!("the closure returns {what}, and `true` or `false` is asked for"));
        refuse(context, refusal.help("compare: `|r| r.region == \"EMEA\"`"))
    })
}

/// The functions that only a [`List`] has.
pub(super) fn register_list(engine: &mut Engine) {
    offer! { engine;
        /// Whether an item is in the list; `in` asks the same.
        ///
        /// `if "inbound" in sequence("inbound-lead").tags { print("inbound"); }`
        "contains"("list: List", "item: anything") -> "bool" =
            |context: NativeCallContext<'_>, list: &mut List, item: Dynamic| contains(&context, list, &item);
        /// The list with one more item, or with those of another list behind.
        ///
        /// `s.tags += "region/emea"`
        "+"("list: List", "more: anything") -> "List" = |list: &mut List, more: Dynamic| {
            let mut items = list.0.to_vec();
            items.extend(several(more));
            List::new(items)
        };
        /// The list without an item, or without those of another list.
        ///
        /// `s.tags -= "region/emea"`
        "-"("list: List", "less: anything") -> "List" =
            |context: NativeCallContext<'_>, list: &mut List, less: Dynamic| -> Answer<List> {
                let less = List::new(several(less));
                let mut kept = Vec::new();
                for item in list.0.iter() {
                    if !contains(&context, &less, item)? {
                        kept.push(item.clone());
                    }
                }
                Ok(List::new(kept))
            };
        /// The items as one text, with another text between them.
        ///
        /// `print(sequence("inbound-lead").tags.join(", "));`
        "join"("list: List", "between: string") -> "string" =
            |context: NativeCallContext<'_>, list: &mut List, between: &str| -> Answer<String> {
                let mut items: Array = list.0.to_vec();
                let joined = context.call_native_fn_raw("join", true, &mut [&mut Dynamic::from(std::mem::take(&mut items)), &mut between.into()])?;
                Ok(joined.into_string().unwrap_or_default())
            };
        /// The list as `print` shows it.
        ///
        /// `print(sequence("inbound-lead").tags);`
        "to_string"("list: List") -> "string" = |context: NativeCallContext<'_>, list: &mut List| show(&context, list);
        /// The list as `debug` shows it.
        ///
        /// `debug(sequence("inbound-lead").tags);`
        "to_debug"("list: List") -> "string" = |context: NativeCallContext<'_>, list: &mut List| show(&context, list);
        /// Whether two lists have the same items.
        ///
        /// `sequence("a").tags == sequence("b").tags`
        "=="("list: List", "other: List") -> "bool" =
            |context: NativeCallContext<'_>, list: &mut List, other: List| is_equal(&context, list, &other);
        /// Whether two lists have other items.
        ///
        /// `sequence("a").tags != sequence("b").tags`
        "!="("list: List", "other: List") -> "bool" =
            |context: NativeCallContext<'_>, list: &mut List, other: List| is_equal(&context, list, &other).map(|same| !same);
    }
    let compare = |name: &str| {
        FuncRegistration::new(name)
            .with_comments([
                "/// Compares a list with an array, item by item.",
                "///",
                "/// `sequence(\"a\").tags == [\"inbound\"]`",
            ])
            .with_params_info(["list: List", "other: array", "bool"])
    };
    let _ = compare("==").register_into_engine(engine, |context: NativeCallContext<'_>, list: &mut List, other: Array| {
        is_equal(&context, list, &List::new(other))
    });
    let _ = compare("!=").register_into_engine(engine, |context: NativeCallContext<'_>, list: &mut List, other: Array| {
        is_equal(&context, list, &List::new(other)).map(|same| !same)
    });
    for name in ["push", "append", "remove", "retain", "drain"] {
        let _ = unwritable(name, &["list: List", "item: anything", "()"])
            .register_into_engine(engine, |context: NativeCallContext<'_>, _: &mut List, _: Dynamic| -> Answer<()> {
                Err(no_write(&context))
            });
    }
    for name in ["pop", "shift", "clear", "sort", "reverse", "dedup"] {
        let _ = unwritable(name, &["list: List", "()"])
            .register_into_engine(engine, |context: NativeCallContext<'_>, _: &mut List| -> Answer<()> {
                Err(no_write(&context))
            });
    }
    let _ = unwritable("insert", &["list: List", "index: int", "item: anything", "()"])
        .register_into_engine(engine, |context: NativeCallContext<'_>, _: &mut List, _: INT, _: Dynamic| -> Answer<()> {
            Err(no_write(&context))
        });
    let _ = FuncRegistration::new_index_setter()
        .with_comments(["/// Refused with `outside-edit`: a list stays as it is. Assign the whole of it: `s.tags += \"web\"`."])
        .with_params_info(["list: List", "index: int", "item: anything", "()"])
        .register_into_engine(engine, |context: NativeCallContext<'_>, _: &mut List, _: INT, _: Dynamic| -> Answer<()> {
            Err(no_write(&context))
        });
}

fn unwritable(name: &str, parameters: &[&str]) -> FuncRegistration {
    let page = [
        "/// Refused with `outside-edit`: a list stays as it is, so that no change is lost in a copy.",
        "///",
        "/// Assign the whole of it: `s.tags += \"region/emea\"`.",
    ];
    FuncRegistration::new(name).with_comments(page).with_params_info(parameters)
}

fn no_write(context: &NativeCallContext<'_>) -> Box<EvalAltResult> {
    let refusal = Refusal::new(Code::OutsideEdit.name(), "this list stays as it is: a change of it would be lost in a copy");
    refuse(
        context,
        refusal.help("assign the whole inside `edit(|s| ...)`: `s.tags += \"...\"`; `to_array()` gives one of your own"),
    )
}

/// The items that `+` and `-` mean.
fn several(value: Dynamic) -> Vec<Dynamic> {
    if let Some(list) = value.read_lock::<List>() {
        return list.0.to_vec();
    }
    match value.is_array() {
        true => value.into_array().unwrap_or_default(),
        false => vec![value],
    }
}

fn contains(context: &NativeCallContext<'_>, list: &List, item: &Dynamic) -> Answer<bool> {
    for own in list.0.iter() {
        if is_same(context, own, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_equal(context: &NativeCallContext<'_>, one: &List, other: &List) -> Answer<bool> {
    if one.0.len() != other.0.len() {
        return Ok(false);
    }
    for (one, other) in one.0.iter().zip(other.0.iter()) {
        if !is_same(context, one, other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_same(context: &NativeCallContext<'_>, one: &Dynamic, other: &Dynamic) -> Answer<bool> {
    if one.type_id() != other.type_id() {
        return Ok(false);
    }
    let same = context.call_native_fn_raw("==", true, &mut [&mut one.clone(), &mut other.clone()])?;
    Ok(same.as_bool().unwrap_or(false))
}

fn show(context: &NativeCallContext<'_>, list: &List) -> String {
    /// How many items are shown.
    const MOST: usize = 100;
    let mut text = String::from("[");
    for (number, item) in list.0.iter().take(MOST).enumerate() {
        let item = shown(context, &mut item.clone());
        let between = if number > 0 { ", " } else { "" };
        write!(text, "{between}{item}").expect("a string takes everything");
    }
    if list.0.len() > MOST {
        text.push_str(", ...");
    }
    text.push(']');
    text
}
