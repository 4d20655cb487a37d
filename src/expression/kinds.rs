//! Does each part of an expression get what it can work with? One walk from the leaves up.
//!
//! What nobody declared can be anything, and is never complained of; a field without a value fits everywhere.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Safety};
use crate::record::{FieldKind, FieldWord};
use crate::text::{Located, Source};
use crate::time::Date;
use crate::yaml::Style;

use super::functions::{Called, Function, Given, PROPERTIES, Wanted, called};
use super::place::{Extent, Places};
use super::rules::bad_expression;
use super::rules::mismatched_kinds::{NO_ORDER, mismatched_kinds};
use super::term::{Arithmetic, Comparison, Constant, Node, Refused, Term};
use super::{RECORD, UnknownOption};

/// The fields that every record has, declared or not: its id, its name and its owner, all of them text.
pub const OF_EVERY_RECORD: [&str; 3] = ["id", "name", "owner"];

/// What is wrong with what an expression's parts are.
pub(super) struct Judged {
    pub problems: Vec<Diagnostic>,
    pub unknown_options: Vec<UnknownOption>,
}

/// Judges an expression over records with these fields; `None` where nobody declared any.
pub(super) fn judge(
    source: &Source,
    places: &Places<'_>,
    fields: Option<&BTreeMap<String, FieldKind>>,
    expression: &Node,
) -> Judged {
    let mut judge = Judge { source, places, fields, problems: Vec::new(), unknown_options: Vec::new() };
    let kind = judge.kind(expression);
    judge.wants_flag(expression, &kind, "a `when` comes out as true or false");
    Judged { problems: judge.problems, unknown_options: judge.unknown_options }
}

/// What a part of an expression is: the lattice that has `Any` on top.
#[derive(Clone, Debug, PartialEq)]
enum Kind<'f> {
    /// Nobody knows.
    Any,
    /// No value.
    Nothing,
    Text,
    Number,
    Flag,
    /// A day, which is a text in one form.
    Date,
    /// A text among some.
    Options(&'f [String]),
    List,
    Range,
    /// Something that was complained of.
    Wrong,
}

impl Kind<'_> {
    /// Whether nothing can be said against it.
    fn is_open(&self) -> bool {
        match self {
            Kind::Any | Kind::Nothing | Kind::Wrong => true,
            Kind::Text | Kind::Number | Kind::Flag | Kind::Date | Kind::Options(_) | Kind::List | Kind::Range => false,
        }
    }

    fn is_text(&self) -> bool {
        match self {
            Kind::Text | Kind::Date | Kind::Options(_) => true,
            Kind::Any | Kind::Nothing | Kind::Number | Kind::Flag | Kind::List | Kind::Range | Kind::Wrong => false,
        }
    }

    fn words(&self) -> &'static str {
        match self {
            Kind::Text => "a text",
            Kind::Number => "a number",
            Kind::Flag => "true or false",
            Kind::Date => "a date",
            Kind::Options(_) => "one of some options",
            Kind::List => "a list",
            Kind::Range => "a range",
            Kind::Any | Kind::Nothing | Kind::Wrong => "a value",
        }
    }
}

struct Judge<'j, 'f> {
    source: &'j Source,
    places: &'j Places<'j>,
    fields: Option<&'f BTreeMap<String, FieldKind>>,
    problems: Vec<Diagnostic>,
    unknown_options: Vec<UnknownOption>,
}

impl<'f> Judge<'_, 'f> {
    fn kind(&mut self, node: &Node) -> Kind<'f> {
        match &node.term {
            Term::Record => {
                self.problems.push(bad_expression::whole_record(self.source, self.places.span(node.point)));
                Kind::Wrong
            }
            Term::Field(name) => self.field(name),
            Term::FieldBy(name) => {
                self.kind(name);
                Kind::Any
            }
            Term::Constant(constant) => match constant {
                Constant::Nothing => Kind::Nothing,
                Constant::Flag(_) => Kind::Flag,
                Constant::Whole(_) | Constant::Number(_) => Kind::Number,
                Constant::Text(_) => Kind::Text,
            },
            Term::List(items) => {
                for item in items {
                    self.kind(item);
                }
                Kind::List
            }
            Term::Interpolated(parts) => {
                for part in parts {
                    self.kind(part);
                }
                Kind::Text
            }
            Term::Not(part) => {
                let kind = self.kind(part);
                self.wants_flag(part, &kind, "`!` turns true and false around");
                Kind::Flag
            }
            Term::Signed(part, _) => {
                let kind = self.kind(part);
                self.wants_number(part, &kind);
                Kind::Number
            }
            Term::And(parts) => self.joined(parts, "`&&` joins what is true or false"),
            Term::Or(parts) => self.joined(parts, "`||` joins what is true or false"),
            Term::Coalesce(parts) => {
                let kinds: Vec<Kind<'f>> = parts.iter().map(|part| self.kind(part)).collect();
                let first = kinds.first().cloned().unwrap_or(Kind::Any);
                if kinds.iter().all(|kind| *kind == first) { first } else { Kind::Any }
            }
            Term::Compare(comparison, sides) => {
                let kinds = [self.kind(&sides[0]), self.kind(&sides[1])];
                self.compare(*comparison, node.point, [&sides[0], &sides[1]], [&kinds[0], &kinds[1]]);
                Kind::Flag
            }
            Term::In(sides) => {
                self.is_in(&sides[0], &sides[1], node.point);
                Kind::Flag
            }
            Term::Arithmetic(operator, sides) => self.arithmetic(*operator, &sides[0], &sides[1]),
            Term::Bits(sides) => {
                let kinds = [self.kind(&sides[0]), self.kind(&sides[1])];
                if kinds == [Kind::Flag, Kind::Flag] { Kind::Flag } else { Kind::Any }
            }
            Term::Range(sides) => {
                for side in &**sides {
                    let kind = self.kind(side);
                    self.wants_number(side, &kind);
                }
                Kind::Range
            }
            Term::Call { name, arguments } => self.call(node, name, arguments),
            Term::Property(base, name) => self.property(node, base, name),
            Term::Item(sides) => {
                let [base, _] = [self.kind(&sides[0]), self.kind(&sides[1])];
                if base.is_text() { Kind::Text } else { Kind::Any }
            }
            Term::Refused(refused) => {
                self.refused(*refused, node.point);
                Kind::Wrong
            }
        }
    }

    fn field(&self, name: &str) -> Kind<'f> {
        match self.fields.and_then(|fields| fields.get(name)) {
            Some(FieldKind::Plain(FieldWord::Text)) => Kind::Text,
            Some(FieldKind::Plain(FieldWord::Number)) => Kind::Number,
            Some(FieldKind::Plain(FieldWord::Boolean)) => Kind::Flag,
            Some(FieldKind::Plain(FieldWord::Date)) => Kind::Date,
            Some(FieldKind::Options(options)) => Kind::Options(options),
            None if OF_EVERY_RECORD.contains(&name) && self.fields.is_some() => Kind::Text,
            None => Kind::Any,
        }
    }

    fn joined(&mut self, parts: &[Node], why: &str) -> Kind<'f> {
        for part in parts {
            let kind = self.kind(part);
            self.wants_flag(part, &kind, why);
        }
        Kind::Flag
    }
}

/// What a part is asked to be.
impl<'f> Judge<'_, 'f> {
    fn wants_flag(&mut self, node: &Node, kind: &Kind<'_>, why: &str) {
        if kind.is_open() || *kind == Kind::Flag {
            return;
        }
        let help = match kind {
            Kind::Number => "compare it, as in `record.employees > 500`",
            Kind::Date => "compare it, as in `record.renewal_date < \"2026-12-24\"`",
            Kind::Text | Kind::Options(_) => "compare it, as in `record.country == \"DE\"`",
            Kind::Any | Kind::Nothing | Kind::Flag | Kind::List | Kind::Range | Kind::Wrong => "ask something about it",
        };
        let message = format!("{why}, and {} is {}", self.subject(node), kind.words());
        self.report(node.extent, message, help);
    }

    fn wants_number(&mut self, node: &Node, kind: &Kind<'_>) {
        if kind.is_open() || *kind == Kind::Number {
            return;
        }
        let message = format!("only numbers can be calculated with, and {} is {}", self.subject(node), kind.words());
        self.report(node.extent, message, "calculate with a field of kind `number`");
    }

    fn arithmetic(&mut self, operator: Arithmetic, left: &Node, right: &Node) -> Kind<'f> {
        let kinds = [self.kind(left), self.kind(right)];
        if operator == Arithmetic::Plus {
            // Texts are put together, and whatever stands beside one becomes part of it.
            let is_shown = kinds.iter().all(|kind| *kind != Kind::Range);
            if is_shown && kinds.iter().any(|kind| matches!(kind, Kind::Text | Kind::Options(_))) {
                return Kind::Text;
            }
            if kinds == [Kind::List, Kind::List] {
                return Kind::List;
            }
        }
        self.wants_number(left, &kinds[0]);
        self.wants_number(right, &kinds[1]);
        if kinds == [Kind::Number, Kind::Number] { Kind::Number } else { Kind::Any }
    }

    fn is_in(&mut self, item: &Node, list: &Node, point: Extent) {
        let kind = self.kind(item);
        let of_list = self.kind(list);
        match (&list.term, of_list) {
            (Term::List(items), _) => {
                for other in items {
                    let of_other = match &other.term {
                        Term::Constant(_) | Term::Field(_) => self.kind(other),
                        // Its parts were judged with the list.
                        _ => Kind::Any,
                    };
                    self.compare(Comparison::Equal, point, [item, other], [&kind, &of_other]);
                }
            }
            (_, Kind::Text | Kind::Options(_) | Kind::Date) if !kind.is_open() && !kind.is_text() => {
                let message = format!("a text holds texts only, and {} is {}", self.subject(item), kind.words());
                self.report(item.extent, message, "look for a text, as in `\"GmbH\" in record.company`");
            }
            (_, Kind::Range) => {
                let message = format!("a range holds whole numbers only, and {} may be another", self.subject(item));
                self.report(list.extent, message, "write both ends, as in `record.employees >= 5 && record.employees < 10`");
            }
            (_, of_list @ (Kind::Number | Kind::Flag)) => {
                let message = format!("nothing can be in {}, which is {}", self.subject(list), of_list.words());
                self.report(list.extent, message, "write a list, as in `record.country in [\"DE\", \"FR\"]`");
            }
            (_, Kind::Any | Kind::Nothing | Kind::Text | Kind::Options(_) | Kind::Date | Kind::List | Kind::Wrong) => {}
        }
    }

    fn compare(&mut self, comparison: Comparison, point: Extent, sides: [&Node; 2], kinds: [&Kind<'f>; 2]) {
        if kinds.iter().any(|kind| kind.is_open()) {
            return;
        }
        match kinds {
            [Kind::Options(options), Kind::Text] | [Kind::Text, Kind::Options(options)] if comparison.is_order() => {
                self.no_order(point, sides, options);
            }
            [Kind::Options(options), Kind::Text] => self.option(sides[0], sides[1], options),
            [Kind::Text, Kind::Options(options)] => self.option(sides[1], sides[0], options),
            [Kind::Date, Kind::Text] => self.day(sides[0], sides[1]),
            [Kind::Text, Kind::Date] => self.day(sides[1], sides[0]),
            [Kind::Flag, Kind::Flag] if comparison.is_order() => {
                let message = "true and false have no order".to_owned();
                self.report(point, message, "write `==` or `!=`");
            }
            [Kind::Range, Kind::Range] | [Kind::List, Kind::List] if comparison.is_order() || kinds[0] == &Kind::Range => {
                let message = format!("{} and another have no order", kinds[0].words());
                self.report(point, message, "compare a field with one value, or ask whether it is `in` a list");
            }
            [left, right] if left == right || (left.is_text() && right.is_text()) => {}
            [_, _] => self.never_equal(sides, kinds),
        }
    }

    /// Options have the order of their letters, which is nobody's.
    fn no_order(&mut self, point: Extent, sides: [&Node; 2], options: &[String]) {
        let field = sides.into_iter().find(|side| matches!(side.term, Term::Field(_))).unwrap_or(sides[0]);
        let message = format!("{} is one of some options, and is compared by its letters", self.subject(field));
        let names: Vec<String> = options.iter().map(|option| format!("\"{option}\"")).collect();
        let problem = mismatched_kinds(self.source, self.places.span(point), message);
        self.problems
            .push(problem.with_severity(NO_ORDER).help(format!("name those that you mean: `in [{}]`", names.join(", "))));
    }

    /// The text must be an option of the field.
    fn option(&mut self, field: &Node, text: &Node, options: &[String]) {
        let (Term::Field(name), Term::Constant(Constant::Text(written))) = (&field.term, &text.term) else { return };
        if !options.contains(written) {
            self.unknown_options.push(UnknownOption {
                field: name.clone(),
                value: Located::new(written.clone(), self.places.span(text.extent)),
                options: options.to_vec(),
            });
        }
    }

    /// The text must be a day.
    fn day(&mut self, date: &Node, text: &Node) {
        let Term::Constant(Constant::Text(written)) = &text.term else { return };
        if written.parse::<Date>().is_err() {
            let message = format!("{} is a date, and the text \"{written}\" is none", self.subject(date));
            self.report(text.extent, message, "write a day like \"2026-12-24\"");
        }
    }

    fn never_equal(&mut self, sides: [&Node; 2], kinds: [&Kind<'_>; 2]) {
        let is_constant = |node: &Node| matches!(node.term, Term::Constant(_));
        // What is asked about stands first in the sentence, what it is compared with is pointed at.
        let turned = is_constant(sides[0]) && !is_constant(sides[1]);
        let (asked, other) = if turned { (1, 0) } else { (0, 1) };
        let of_other = match is_constant(sides[other]) {
            true => self.subject(sides[other]),
            false => format!("{}, {}", self.subject(sides[other]), kinds[other].words()),
        };
        let of_asked = match is_constant(sides[asked]) {
            true => self.subject(sides[asked]),
            false => format!("{} is {}, and", self.subject(sides[asked]), kinds[asked].words()),
        };
        let message = format!("{of_asked} is compared with {of_other}");
        let span = self.places.span(sides[other].extent);
        let problem = mismatched_kinds(self.source, span, message);
        let problem = match written_as(kinds[asked], &sides[other].term) {
            Some(text) if self.can_hold(sides[other], &text) => {
                problem.help(format!("write `{text}`")).fix(format!("write `{text}`"), Safety::Guess, span, text)
            }
            Some(text) => problem.help(format!("write `{text}`")),
            None => problem.help(format!("compare it with {}", example(kinds[asked]))),
        };
        self.problems.push(problem);
    }

    /// Whether a text can be put in a part's place as it is, in the quotes that YAML has around it.
    fn can_hold(&self, node: &Node, text: &str) -> bool {
        !text.contains('"')
            || match self.places.style() {
                Style::DoubleQuoted => false,
                Style::Plain => node.extent.start > self.places.whole().start,
                Style::SingleQuoted | Style::Literal | Style::Folded => true,
            }
    }
}

/// Whether a number has no decimals, whatever the record.
fn is_whole(node: &Node) -> bool {
    match &node.term {
        Term::Constant(Constant::Whole(_)) => true,
        Term::Signed(part, _) => is_whole(part),
        Term::Arithmetic(Arithmetic::Plus | Arithmetic::Minus | Arithmetic::Times, sides) => sides.iter().all(is_whole),
        Term::Call { name, .. } | Term::Property(_, name) => matches!(name.as_str(), "len" | "index_of"),
        _ => false,
    }
}

/// A constant as it should have been written to be of that kind.
fn written_as(kind: &Kind<'_>, term: &Term) -> Option<String> {
    let Term::Constant(constant) = term else { return None };
    match (kind, constant) {
        (Kind::Number, Constant::Text(text)) => {
            text.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(|_| text.trim().to_owned())
        }
        (Kind::Text, Constant::Whole(number)) => Some(format!("\"{number}\"")),
        (Kind::Options(options), Constant::Whole(number)) => {
            options.contains(&number.to_string()).then(|| format!("\"{number}\""))
        }
        (Kind::Flag, Constant::Text(text)) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" => Some("true".to_owned()),
            "false" | "no" => Some("false".to_owned()),
            _ => None,
        },
        _ => None,
    }
}

/// What a value of that kind is compared with.
fn example(kind: &Kind<'_>) -> &'static str {
    match kind {
        Kind::Text => "a text in double quotes",
        Kind::Number => "a number like `500`",
        Kind::Flag => "`true` or `false`",
        Kind::Date => "a day like \"2026-12-24\"",
        Kind::Options(_) => "one of its options, in double quotes",
        Kind::List | Kind::Range | Kind::Any | Kind::Nothing | Kind::Wrong => "something of its kind",
    }
}

/// Functions and properties.
impl<'f> Judge<'_, 'f> {
    fn call(&mut self, node: &Node, name: &str, arguments: &[Node]) -> Kind<'f> {
        let span = self.places.span(node.point);
        let functions = match called(name) {
            Called::Known(functions) => functions,
            Called::Changing(instead) => {
                self.problems.push(bad_expression::changing_call(self.source, span, name, instead));
                return Kind::Wrong;
            }
            Called::Unknown => {
                self.problems.push(bad_expression::unknown_function(self.source, span, name));
                return Kind::Wrong;
            }
        };
        let Some(function) = functions.iter().find(|function| function.takes.len() == arguments.len()) else {
            let counts: Vec<usize> = functions.iter().map(|function| function.takes.len()).collect();
            self.problems.push(bad_expression::wrong_count(self.source, span, name, &counts, arguments.len()));
            return Kind::Wrong;
        };
        let mut in_text = false;
        for (argument, wanted) in arguments.iter().zip(function.takes) {
            let kind = self.kind(argument);
            let wanted = match wanted {
                Wanted::Part if in_text => Wanted::Text,
                Wanted::Part => Wanted::Anything,
                other => *other,
            };
            self.wants(argument, &kind, wanted, function);
            in_text = kind.is_text();
        }
        match function.gives {
            Given::Text => Kind::Text,
            Given::Number => Kind::Number,
            Given::Flag => Kind::Flag,
        }
    }

    fn wants(&mut self, argument: &Node, kind: &Kind<'_>, wanted: Wanted, function: &Function) {
        let fits = match wanted {
            Wanted::Anything | Wanted::Part => true,
            Wanted::Text => kind.is_text(),
            Wanted::Number => *kind == Kind::Number,
            Wanted::Whole => is_whole(argument),
            Wanted::TextOrList => kind.is_text() || *kind == Kind::List,
        };
        if fits || kind.is_open() {
            return;
        }
        let what = match wanted {
            Wanted::Anything | Wanted::Part => "any value",
            Wanted::Text => "texts",
            Wanted::Number => "numbers",
            Wanted::Whole => "whole numbers",
            Wanted::TextOrList => "texts and lists",
        };
        let subject = self.subject(argument);
        let message = match (wanted, kind) {
            (Wanted::Whole, Kind::Number) => format!("`{}` counts in whole numbers, and {subject} may be another", function.name),
            _ => format!("`{}` is for {what}, and {subject} is {}", function.name, kind.words()),
        };
        let help = match kind {
            Kind::Number if wanted == Wanted::Whole => "write a whole number",
            Kind::Number => "compare the number, as in `record.employees > 500`",
            Kind::Flag => "ask for `true` or `false` without it",
            Kind::Any | Kind::Nothing | Kind::Text | Kind::Date | Kind::Options(_) | Kind::List | Kind::Range | Kind::Wrong => {
                "call it on a field that fits"
            }
        };
        self.report(argument.extent, message, help);
    }

    fn property(&mut self, node: &Node, base: &Node, name: &str) -> Kind<'f> {
        let kind = self.kind(base);
        if kind == Kind::Wrong {
            return Kind::Wrong;
        }
        if !PROPERTIES.contains(&name) {
            let subject = self.subject(base);
            self.problems.push(bad_expression::no_property(self.source, self.places.span(node.point), &subject, name));
            return Kind::Wrong;
        }
        let Called::Known(functions) = called(name) else { return Kind::Any };
        let Some(function) = functions.first() else { return Kind::Any };
        self.wants(base, &kind, Wanted::TextOrList, function);
        match function.gives {
            Given::Text => Kind::Text,
            Given::Number => Kind::Number,
            Given::Flag => Kind::Flag,
        }
    }

    fn refused(&mut self, refused: Refused, point: Extent) {
        self.problems.push(bad_expression::refused(self.source, self.places.span(point), refused));
    }
}

/// Words.
impl Judge<'_, '_> {
    fn report(&mut self, extent: Extent, message: String, help: &str) {
        let span = self.places.span(self.places.balanced(extent));
        self.problems.push(mismatched_kinds(self.source, span, message).help(help));
    }

    /// What a part is called in a sentence.
    fn subject(&self, node: &Node) -> String {
        const LONGEST: usize = 50;
        match &node.term {
            Term::Constant(Constant::Text(text)) => format!("the text \"{}\"", text.escape_debug()),
            Term::Constant(Constant::Whole(number)) => format!("the number {number}"),
            Term::Constant(Constant::Number(number)) => format!("the number {number}"),
            Term::Constant(Constant::Flag(flag)) => format!("`{flag}`"),
            Term::Field(name) => format!("`{RECORD}.{name}`"),
            _ => {
                let extent = self.places.balanced(node.extent);
                let text = &self.places.text()[extent.start..extent.end];
                if text.len() <= LONGEST && !text.contains('\n') { format!("`{text}`") } else { "this".to_owned() }
            }
        }
    }
}
