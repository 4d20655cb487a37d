//! Is there a part that says the same of every record?
//!
//! A field is compared with a few constants, so that all that counts of its value is where it lies among them: there are
//! finitely many such places, and over all their combinations the expression is played through. What cannot be played
//! through, a call or a calculation, counts as true in one play and as false in another. So *constant* means provable: whatever
//! the fields hold, of whatever kind, with a value or without. Where there would be too many combinations nothing is said.

use super::place::Extent;
use super::term::{Arithmetic, Comparison, Constant, Node, Sign, Term};

/// What every record gets for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is true of every record.
    Always,
    /// It is true of none.
    Never,
}

/// A part that says the same of every record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Same {
    pub extent: Extent,
    pub answer: Answer,
    pub because: Because,
}

/// Why it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Because {
    /// It holds no question about the record.
    NothingAsked,
    /// Parts joined by `&&` exclude each other.
    Excluded,
    /// Of parts joined by `||` one always holds.
    Exhausted,
    /// Some other way.
    Otherwise,
}

/// The most plays for one part.
const MOST_PLAYS: usize = 4_096;

/// The most parts of an expression that is looked at; people write a dozen.
const MOST_PARTS: usize = 200;

/// The most questions about one field.
const MOST_QUESTIONS: usize = 64;

/// The most constants that one field is compared with.
const MOST_CONSTANTS: usize = 256;

/// The largest parts that say the same of every record, in the order in which they stand.
pub(super) fn constants(expression: &Node) -> Vec<Same> {
    let mut found = Vec::new();
    if expression.walk().nth(MOST_PARTS).is_none() {
        search(expression, &mut found);
    }
    found
}

fn search(node: &Node, found: &mut Vec<Same>) {
    if let Some(answer) = answer(node) {
        found.push(Same { extent: node.extent, answer, because: because(node, answer) });
        return;
    }
    if let Term::Not(_) | Term::And(_) | Term::Or(_) = node.term {
        node.parts().iter().for_each(|part| search(part, found));
    }
}

fn because(node: &Node, answer: Answer) -> Because {
    let asks = node.walk().any(|part| matches!(part.term, Term::Record | Term::Field(_) | Term::FieldBy(_)));
    match (&node.term, answer) {
        _ if !asks => Because::NothingAsked,
        (Term::And(parts), Answer::Never) if parts.iter().all(|part| self::answer(part).is_none()) => Because::Excluded,
        (Term::Or(parts), Answer::Always) if parts.iter().all(|part| self::answer(part).is_none()) => Because::Exhausted,
        _ => Because::Otherwise,
    }
}

/// What a part says of every record, if that can be proven.
pub(super) fn answer(node: &Node) -> Option<Answer> {
    let mut table = Table::default();
    let form = table.form(node);
    if let Form::Known(flag) = form {
        return Some(if flag { Answer::Always } else { Answer::Never });
    }
    let is_compound = matches!(node.term, Term::Not(_) | Term::And(_) | Term::Or(_));
    // A single question that is left open has both answers.
    if !is_compound {
        return None;
    }
    table.plays()?.judge(&form)
}

/// A part, as far as it can be played.
#[derive(Debug)]
enum Form {
    Known(bool),
    /// A question about a field: the field, and which of its questions.
    Asked(usize, usize),
    /// Either way.
    Free(usize),
    Not(Box<Form>),
    And(Vec<Form>),
    Or(Vec<Form>),
}

/// A question about the value of one field.
#[derive(Clone, Debug, PartialEq)]
enum Question {
    /// Whether it is `true`.
    IsTrue,
    Compares(Comparison, Constant),
    IsAmong(Vec<Constant>),
}

/// The fields that are asked about, and the parts that are not looked into.
#[derive(Default)]
struct Table<'n> {
    fields: Vec<(&'n str, Vec<Question>)>,
    free: Vec<&'n Node>,
}

impl<'n> Table<'n> {
    fn form(&mut self, node: &'n Node) -> Form {
        match &node.term {
            Term::Constant(Constant::Flag(flag)) => Form::Known(*flag),
            Term::Not(part) => match self.form(part) {
                Form::Known(flag) => Form::Known(!flag),
                form => Form::Not(Box::new(form)),
            },
            Term::And(parts) => {
                let forms: Vec<Form> = parts.iter().map(|part| self.form(part)).collect();
                if forms.iter().any(|form| matches!(form, Form::Known(false))) { Form::Known(false) } else { Form::And(forms) }
            }
            Term::Or(parts) => {
                let forms: Vec<Form> = parts.iter().map(|part| self.form(part)).collect();
                if forms.iter().any(|form| matches!(form, Form::Known(true))) { Form::Known(true) } else { Form::Or(forms) }
            }
            Term::Field(name) => self.ask(name, Question::IsTrue),
            Term::Compare(comparison, sides) => self.compared(node, *comparison, &sides[0], &sides[1]),
            Term::In(sides) => self.among(node, &sides[0], &sides[1]),
            Term::Record
            | Term::FieldBy(_)
            | Term::Constant(_)
            | Term::List(_)
            | Term::Interpolated(_)
            | Term::Signed(..)
            | Term::Coalesce(_)
            | Term::Arithmetic(..)
            | Term::Bits(_)
            | Term::Range(_)
            | Term::Call { .. }
            | Term::Property(..)
            | Term::Item(_)
            | Term::Refused(_) => self.left_open(node),
        }
    }

    fn compared(&mut self, node: &'n Node, comparison: Comparison, left: &'n Node, right: &'n Node) -> Form {
        if let (Term::Field(one), Term::Field(other)) = (&left.term, &right.term)
            && one == other
        {
            return match comparison {
                Comparison::Equal => Form::Known(true),
                Comparison::Other | Comparison::Less | Comparison::More => Form::Known(false),
                // Without a value it is neither.
                Comparison::LessOrEqual | Comparison::MoreOrEqual => self.left_open(node),
            };
        }
        match (&left.term, fold(left), &right.term, fold(right)) {
            (_, Some(one), _, Some(other)) => match compare(comparison, &one, &other) {
                Some(flag) => Form::Known(flag),
                None => self.left_open(node),
            },
            (Term::Field(name), _, _, Some(constant)) => self.ask(name, Question::Compares(comparison, constant)),
            (_, Some(constant), Term::Field(name), _) => self.ask(name, Question::Compares(comparison.turned(), constant)),
            _ => self.left_open(node),
        }
    }

    fn among(&mut self, node: &'n Node, item: &'n Node, list: &'n Node) -> Form {
        let Term::List(items) = &list.term else { return self.left_open(node) };
        if items.is_empty() {
            return Form::Known(false);
        }
        let constants: Option<Vec<Constant>> = items.iter().map(fold).collect();
        let Some(constants) = constants.filter(|constants| !constants.contains(&Constant::Nothing)) else {
            return self.left_open(node);
        };
        match (&item.term, fold(item)) {
            (Term::Field(name), _) => self.ask(name, Question::IsAmong(constants)),
            (_, Some(one)) => {
                let equal: Option<Vec<bool>> =
                    constants.iter().map(|constant| compare(Comparison::Equal, &one, constant)).collect();
                match equal {
                    Some(equal) => Form::Known(equal.contains(&true)),
                    None => self.left_open(node),
                }
            }
            _ => self.left_open(node),
        }
    }

    fn ask(&mut self, field: &'n str, question: Question) -> Form {
        let at = self.fields.iter().position(|(name, _)| *name == field).unwrap_or_else(|| {
            self.fields.push((field, Vec::new()));
            self.fields.len() - 1
        });
        let questions = &mut self.fields[at].1;
        let number = questions.iter().position(|other| *other == question).unwrap_or_else(|| {
            questions.push(question);
            questions.len() - 1
        });
        Form::Asked(at, number)
    }

    /// The same part twice is open in the same way: nothing in an expression changes anything.
    fn left_open(&mut self, node: &'n Node) -> Form {
        let at = self.free.iter().position(|other| *other == node).unwrap_or_else(|| {
            self.free.push(node);
            self.free.len() - 1
        });
        Form::Free(at)
    }

    /// The plays, unless there are too many.
    fn plays(&self) -> Option<Plays> {
        let fields: Vec<Vec<u64>> = self.fields.iter().map(|(_, questions)| answers(questions)).collect::<Option<_>>()?;
        let mut count: usize = 1;
        for ways in fields.iter().map(Vec::len).chain(self.free.iter().map(|_| 2)) {
            count = count.checked_mul(ways).filter(|count| *count <= MOST_PLAYS)?;
        }
        Some(Plays { fields, free: self.free.len() })
    }
}

/// All combinations of what can be.
struct Plays {
    /// For each field the answers to its questions that go together, a bit each.
    fields: Vec<Vec<u64>>,
    /// How many parts are left open.
    free: usize,
}

impl Plays {
    /// The answer in every play, if it is the same.
    fn judge(&self, form: &Form) -> Option<Answer> {
        let sizes: Vec<usize> = self.fields.iter().map(Vec::len).chain(std::iter::repeat_n(2, self.free)).collect();
        let mut play = vec![0; sizes.len()];
        let first = self.holds(form, &play);
        while next(&mut play, &sizes) {
            if self.holds(form, &play) != first {
                return None;
            }
        }
        Some(if first { Answer::Always } else { Answer::Never })
    }

    fn holds(&self, form: &Form, play: &[usize]) -> bool {
        match form {
            Form::Known(flag) => *flag,
            Form::Asked(field, question) => self.fields[*field][play[*field]] & (1 << question) != 0,
            Form::Free(at) => play[self.fields.len() + at] == 1,
            Form::Not(part) => !self.holds(part, play),
            Form::And(parts) => parts.iter().all(|part| self.holds(part, play)),
            Form::Or(parts) => parts.iter().any(|part| self.holds(part, play)),
        }
    }
}

/// Counts on; false where all was counted.
fn next(play: &mut [usize], sizes: &[usize]) -> bool {
    for (digit, size) in play.iter_mut().zip(sizes) {
        *digit += 1;
        if *digit < *size {
            return true;
        }
        *digit = 0;
    }
    false
}

/// The combinations of answers that the questions about one field can have, each once.
fn answers(questions: &[Question]) -> Option<Vec<u64>> {
    if questions.len() > MOST_QUESTIONS {
        return None;
    }
    let mut found = Vec::new();
    for value in values(questions)? {
        let mut answers = 0;
        for (number, question) in questions.iter().enumerate() {
            let holds = match question {
                Question::IsTrue => value == Constant::Flag(true),
                Question::Compares(comparison, constant) => compare(*comparison, &value, constant)?,
                Question::IsAmong(constants) => {
                    let equal: Option<Vec<bool>> =
                        constants.iter().map(|constant| compare(Comparison::Equal, &value, constant)).collect();
                    equal?.contains(&true)
                }
            };
            answers |= u64::from(holds) << number;
        }
        if !found.contains(&answers) {
            found.push(answers);
        }
    }
    Some(found)
}

/// A value for each place that a field's value can have among the constants that it is compared with.
fn values(questions: &[Question]) -> Option<Vec<Constant>> {
    let (mut numbers, mut texts, mut count) = (Vec::new(), Vec::new(), 0);
    let constants = questions.iter().flat_map(|question| match question {
        Question::IsTrue => &[][..],
        Question::Compares(_, constant) => std::slice::from_ref(constant),
        Question::IsAmong(constants) => constants,
    });
    for constant in constants {
        count += 1;
        match constant {
            Constant::Nothing | Constant::Flag(_) => {}
            Constant::Whole(_) | Constant::Number(_) => numbers.push(as_number(constant)?),
            Constant::Text(text) => texts.push(text.as_str()),
        }
    }
    if count > MOST_CONSTANTS {
        return None;
    }
    let of_numbers = places_of_numbers(numbers)?.into_iter().map(Constant::Number);
    let of_texts = places_of_texts(texts).into_iter().map(Constant::Text);
    let others = [Constant::Nothing, Constant::Flag(true), Constant::Flag(false)];
    Some(of_numbers.chain(of_texts).chain(others).collect())
}

/// Each number, and one in each gap around them.
fn places_of_numbers(mut numbers: Vec<f64>) -> Option<Vec<f64>> {
    numbers.sort_by(f64::total_cmp);
    numbers.dedup_by(|one, other| one == other);
    let (Some(first), Some(last)) = (numbers.first().copied(), numbers.last().copied()) else { return Some(vec![0.0]) };
    let mut places = vec![first - 1.0 - first.abs()];
    for pair in numbers.windows(2) {
        if nearly_equal(pair[0], pair[1]) {
            return None;
        }
        places.extend([pair[0], pair[0] / 2.0 + pair[1] / 2.0]);
    }
    places.extend([last, last + 1.0 + last.abs()]);
    Some(places)
}

/// Each text, and one in each gap around them.
fn places_of_texts(mut texts: Vec<&str>) -> Vec<String> {
    texts.sort_unstable();
    texts.dedup();
    let mut places = vec![String::new()];
    for text in texts {
        if !text.is_empty() {
            places.push(text.to_owned());
        }
        // No text lies between one and the same with this letter behind it.
        places.push(format!("{text}\0"));
    }
    places
}

/// Whether Rhai might take two different numbers for equal.
fn nearly_equal(one: f64, other: f64) -> bool {
    const NEAR: f64 = 1e-9;
    (one - other).abs() <= NEAR * one.abs().max(other.abs()).max(1.0)
}

/// Above it not every whole number is a number with decimals.
const EXACT: i64 = 1 << 53;

fn as_number(constant: &Constant) -> Option<f64> {
    match constant {
        #[allow(clippy::cast_precision_loss, reason = "within these bounds nothing is lost")]
        Constant::Whole(number) if (-EXACT..=EXACT).contains(number) => Some(*number as f64),
        Constant::Number(number) if number.abs() <= 1e100 => Some(*number),
        Constant::Whole(_) | Constant::Number(_) | Constant::Nothing | Constant::Flag(_) | Constant::Text(_) => None,
    }
}

/// A constant, worked out where that is plain.
fn fold(node: &Node) -> Option<Constant> {
    match &node.term {
        Term::Constant(constant) => Some(constant.clone()),
        Term::Signed(part, sign) => match (fold(part)?, sign) {
            (constant @ (Constant::Whole(_) | Constant::Number(_)), Sign::Plus) => Some(constant),
            (Constant::Whole(number), Sign::Minus) => number.checked_neg().map(Constant::Whole),
            (Constant::Number(number), Sign::Minus) => Some(Constant::Number(-number)),
            (Constant::Nothing | Constant::Flag(_) | Constant::Text(_), _) => None,
        },
        Term::Arithmetic(operator, sides) => calculate(*operator, &fold(&sides[0])?, &fold(&sides[1])?),
        _ => None,
    }
}

fn calculate(operator: Arithmetic, left: &Constant, right: &Constant) -> Option<Constant> {
    let (Constant::Whole(left), Constant::Whole(right)) = (left, right) else { return None };
    let number = match operator {
        Arithmetic::Plus => left.checked_add(*right),
        Arithmetic::Minus => left.checked_sub(*right),
        Arithmetic::Times => left.checked_mul(*right),
        // How Rhai rounds is its own affair.
        Arithmetic::Divide | Arithmetic::Remainder | Arithmetic::Power => None,
    };
    number.map(Constant::Whole)
}

/// What a comparison of two values comes to, where that is certain.
fn compare(comparison: Comparison, left: &Constant, right: &Constant) -> Option<bool> {
    let by = |order: std::cmp::Ordering| match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::Other => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::More => order.is_gt(),
        Comparison::MoreOrEqual => order.is_ge(),
    };
    match (left, right) {
        (Constant::Whole(left), Constant::Whole(right)) => Some(by(left.cmp(right))),
        (Constant::Whole(_) | Constant::Number(_), Constant::Whole(_) | Constant::Number(_)) => {
            let (left, right) = (as_number(left)?, as_number(right)?);
            let is_certain = left == right || !nearly_equal(left, right);
            if is_certain { left.partial_cmp(&right).map(by) } else { None }
        }
        (Constant::Text(left), Constant::Text(right)) => Some(by(left.cmp(right))),
        (Constant::Flag(left), Constant::Flag(right)) if !comparison.is_order() => Some(by(left.cmp(right))),
        (Constant::Nothing, Constant::Nothing) if !comparison.is_order() => Some(by(std::cmp::Ordering::Equal)),
        (Constant::Flag(_), Constant::Flag(_)) | (Constant::Nothing, Constant::Nothing) => None,
        // Values of two kinds are never equal, and none comes before the other.
        (Constant::Nothing | Constant::Flag(_) | Constant::Whole(_) | Constant::Number(_) | Constant::Text(_), _) => {
            Some(comparison == Comparison::Other)
        }
    }
}
