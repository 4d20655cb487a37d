//! What an expression says, in our own words: Rhai's tree read once, with the place of each part in the text.
//!
//! The only module that looks into Rhai's tree, which may change with any release.

use rhai::{AST, ASTFlags, BinaryExpr, Expr, FnCallExpr, Position, Stmt, Token};

use super::RECORD;
use super::place::{Extent, Places};

/// A part of an expression, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub term: Term,
    /// All of it.
    pub extent: Extent,
    /// Where it is pointed at: its operator or its name.
    pub point: Extent,
}

/// Two parts are the same if they say the same, wherever they stand.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.term == other.term
    }
}

/// What a part says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    /// The record itself.
    Record,
    /// A field of the record.
    Field(String),
    /// A field of the record whose name is worked out.
    FieldBy(Box<Node>),
    Constant(Constant),
    List(Vec<Node>),
    /// A text with values in it.
    Interpolated(Vec<Node>),
    Not(Box<Node>),
    /// A number with a sign in front.
    Signed(Box<Node>, Sign),
    And(Vec<Node>),
    Or(Vec<Node>),
    /// The first that has a value.
    Coalesce(Vec<Node>),
    Compare(Comparison, Box<[Node; 2]>),
    /// Whether the first is in the second.
    In(Box<[Node; 2]>),
    Arithmetic(Arithmetic, Box<[Node; 2]>),
    /// `&`, `|` and their kind, which hardly anybody means here.
    Bits(Box<[Node; 2]>),
    Range(Box<[Node; 2]>),
    Call {
        name: String,
        /// With what stands before the dot, if one does.
        arguments: Vec<Node>,
    },
    /// Something of a value that is not the record.
    Property(Box<Node>, String),
    /// An item of a list, a letter of a text.
    Item(Box<[Node; 2]>),
    /// What has no place in an expression.
    Refused(Refused),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constant {
    Nothing,
    Flag(bool),
    Whole(i64),
    Number(f64),
    Text(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Other,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
    Power,
}

/// What has no place in an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// `#{...}`
    Object,
    /// `{...}`, `if`, `switch` and their kind.
    Statement,
    /// `this`, names of modules, and what we do not know.
    Name,
}

impl Comparison {
    /// Whether it asks which comes first, and not only whether both are the same.
    pub fn is_order(self) -> bool {
        match self {
            Comparison::Equal | Comparison::Other => false,
            Comparison::Less | Comparison::LessOrEqual | Comparison::More | Comparison::MoreOrEqual => true,
        }
    }

    /// The same question with its sides changed.
    pub fn turned(self) -> Comparison {
        match self {
            Comparison::Equal | Comparison::Other => self,
            Comparison::Less => Comparison::More,
            Comparison::LessOrEqual => Comparison::MoreOrEqual,
            Comparison::More => Comparison::Less,
            Comparison::MoreOrEqual => Comparison::LessOrEqual,
        }
    }
}

impl Node {
    /// The parts of it.
    pub fn parts(&self) -> &[Node] {
        match &self.term {
            Term::Record | Term::Field(_) | Term::Constant(_) | Term::Refused(_) => &[],
            Term::FieldBy(part) | Term::Not(part) | Term::Signed(part, _) | Term::Property(part, _) => std::slice::from_ref(part),
            Term::List(parts)
            | Term::Interpolated(parts)
            | Term::And(parts)
            | Term::Or(parts)
            | Term::Coalesce(parts)
            | Term::Call { arguments: parts, .. } => parts,
            Term::Compare(_, parts)
            | Term::In(parts)
            | Term::Arithmetic(_, parts)
            | Term::Bits(parts)
            | Term::Range(parts)
            | Term::Item(parts) => &**parts,
        }
    }

    /// It and all its parts, in the order of the tree.
    pub fn walk(&self) -> impl Iterator<Item = &Node> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let node = stack.pop()?;
            stack.extend(node.parts().iter().rev());
            Some(node)
        })
    }
}

/// Reads what Rhai compiled.
pub(super) fn read(ast: &AST, places: &Places<'_>) -> Node {
    let reader = TermReader { places };
    match ast.statements() {
        [Stmt::Expr(expression)] => reader.node(expression),
        [Stmt::FnCall(call, position)] => reader.call(call, *position),
        _ => reader.refused(Refused::Statement, places.whole()),
    }
}

struct TermReader<'p, 'a> {
    places: &'p Places<'a>,
}

impl TermReader<'_, '_> {
    fn node(&self, expression: &Expr) -> Node {
        let constant = |constant, position: &Position| self.leaf(Term::Constant(constant), *position);
        match expression {
            Expr::BoolConstant(flag, position) => constant(Constant::Flag(*flag), position),
            Expr::IntegerConstant(number, position) => constant(Constant::Whole(*number), position),
            Expr::FloatConstant(number, position) => constant(Constant::Number(**number), position),
            Expr::CharConstant(letter, position) => constant(Constant::Text(letter.to_string()), position),
            Expr::StringConstant(text, position) => constant(Constant::Text(text.to_string()), position),
            Expr::Unit(position) => self.unit(*position),
            Expr::InterpolatedString(parts, position) => {
                self.leaf(Term::Interpolated(parts.iter().map(|part| self.segment(part)).collect()), *position)
            }
            Expr::Array(items, position) => self.list(items, *position),
            Expr::Variable(variable, _, position) if variable.1 == RECORD && variable.2.is_empty() => {
                self.leaf(Term::Record, *position)
            }
            Expr::FnCall(call, position) | Expr::MethodCall(call, position) => self.call(call, *position),
            Expr::Dot(chain, flags, _) => self.chain(self.node(&chain.lhs), &chain.rhs, *flags, Link::Dot),
            Expr::Index(chain, flags, _) => self.chain(self.node(&chain.lhs), &chain.rhs, *flags, Link::Bracket),
            Expr::And(parts, position) => self.joined(parts, *position, Term::And),
            Expr::Or(parts, position) => self.joined(parts, *position, Term::Or),
            Expr::Coalesce(parts, position) => self.joined(parts, *position, Term::Coalesce),
            Expr::Map(_, position) => self.refused(Refused::Object, self.places.token(*position)),
            Expr::Stmt(_) => self.refused(Refused::Statement, self.places.token(expression.start_position())),
            other => self.refused(Refused::Name, self.places.token(other.start_position())),
        }
    }

    /// A value in a text, which Rhai takes for a block of statements.
    fn segment(&self, part: &Expr) -> Node {
        let Expr::Stmt(block) = part else { return self.node(part) };
        match block.statements() {
            [Stmt::Expr(expression)] => self.node(expression),
            [Stmt::FnCall(call, position)] => self.call(call, *position),
            _ => self.node(part),
        }
    }

    fn leaf(&self, term: Term, position: Position) -> Node {
        let extent = self.places.token(position);
        Node { term, extent, point: extent }
    }

    fn refused(&self, what: Refused, extent: Extent) -> Node {
        Node { term: Term::Refused(what), extent, point: extent }
    }

    /// `()`
    fn unit(&self, position: Position) -> Node {
        let node = self.leaf(Term::Constant(Constant::Nothing), position);
        let extent = self.places.closed_by(node.extent, ')');
        Node { extent, point: extent, ..node }
    }

    fn list(&self, items: &[Expr], position: Position) -> Node {
        let bracket = self.places.token(position);
        let items: Vec<Node> = items.iter().map(|item| self.node(item)).collect();
        let extent = items.last().map_or(bracket, |last| bracket.to(last.extent));
        let extent = self.places.closed_by(extent, ']');
        Node { term: Term::List(items), extent, point: extent }
    }

    fn joined(&self, parts: &[Expr], position: Position, term: fn(Vec<Node>) -> Term) -> Node {
        let parts: Vec<Node> = parts.iter().map(|part| self.node(part)).collect();
        let point = self.places.token(position);
        let extent = parts.iter().fold(point, |extent, part| extent.to(part.extent));
        Node { term: term(parts), extent, point }
    }

    fn call(&self, call: &FnCallExpr, position: Position) -> Node {
        let arguments: Vec<Node> = call.args.iter().map(|argument| self.node(argument)).collect();
        let point = self.places.token(position);
        if call.is_qualified() {
            return self.refused(Refused::Name, point);
        }
        let extent = arguments.iter().fold(point, |extent, argument| extent.to(argument.extent));
        if call.op_token.is_none() && call.name == "contains" && self.is_word_in(point) {
            return self.is_in(arguments, extent, point);
        }
        match &call.op_token {
            Some(token) => Node { term: operation(token, arguments), extent, point },
            None => {
                let opened = self.places.closed_by(extent, '(');
                let extent = self.places.closed_by(opened, ')');
                Node { term: Term::Call { name: call.name.to_string(), arguments }, extent, point }
            }
        }
    }

    /// Whether `in` or `!in` stands there: Rhai makes a call of it.
    fn is_word_in(&self, point: Extent) -> bool {
        let word = self.places.text()[point.start..].trim_start_matches('!');
        word.strip_prefix("in").is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    }

    fn is_in(&self, arguments: Vec<Node>, extent: Extent, point: Extent) -> Node {
        let Ok([list, item]) = <[Node; 2]>::try_from(arguments) else { return self.refused(Refused::Name, point) };
        Node { term: Term::In(Box::new([item, list])), extent, point }
    }

    /// What stands behind a dot or in brackets, link by link.
    fn chain(&self, base: Node, rest: &Expr, flags: ASTFlags, link: Link) -> Node {
        match rest {
            Expr::Dot(chain, next, _) if !flags.contains(ASTFlags::BREAK) => self.go_on(base, chain, *next, link, Link::Dot),
            Expr::Index(chain, next, _) if !flags.contains(ASTFlags::BREAK) => {
                self.go_on(base, chain, *next, link, Link::Bracket)
            }
            last => self.link(base, last, link),
        }
    }

    fn go_on(&self, base: Node, chain: &BinaryExpr, flags: ASTFlags, link: Link, next: Link) -> Node {
        let base = self.link(base, &chain.lhs, link);
        self.chain(base, &chain.rhs, flags, next)
    }

    fn link(&self, base: Node, link: &Expr, kind: Link) -> Node {
        match (link, kind) {
            (Expr::Property(property, position), Link::Dot) => {
                let point = self.places.token(*position);
                let extent = base.extent.to(point);
                let name = property.2.to_string();
                let term = if base.term == Term::Record { Term::Field(name) } else { Term::Property(Box::new(base), name) };
                Node { term, extent, point }
            }
            (Expr::MethodCall(call, position) | Expr::FnCall(call, position), Link::Dot) => self.method(base, call, *position),
            (Expr::StringConstant(name, position), Link::Bracket) if base.term == Term::Record => {
                let point = self.places.token(*position);
                let extent = self.places.closed_by(base.extent.to(point), ']');
                Node { term: Term::Field(name.to_string()), extent, point }
            }
            (index, Link::Bracket) => {
                let index = self.node(index);
                let point = index.extent;
                let extent = self.places.closed_by(base.extent.to(index.extent), ']');
                let term = match base.term {
                    Term::Record => Term::FieldBy(Box::new(index)),
                    _ => Term::Item(Box::new([base, index])),
                };
                Node { term, extent, point }
            }
            (other, Link::Dot) => self.refused(Refused::Name, self.places.token(other.start_position())),
        }
    }

    fn method(&self, base: Node, call: &FnCallExpr, position: Position) -> Node {
        let point = self.places.token(position);
        let mut extent = base.extent.to(point);
        let mut arguments = vec![base];
        for argument in &call.args {
            let argument = self.node(argument);
            extent = extent.to(argument.extent);
            arguments.push(argument);
        }
        let extent = self.places.closed_by(self.places.closed_by(extent, '('), ')');
        Node { term: Term::Call { name: call.name.to_string(), arguments }, extent, point }
    }
}

/// How a link hangs on what stands before it.
#[derive(Clone, Copy)]
enum Link {
    Dot,
    Bracket,
}

fn operation(token: &Token, mut arguments: Vec<Node>) -> Term {
    if arguments.len() == 1 {
        let argument = Box::new(arguments.remove(0));
        return match token {
            Token::Bang => Term::Not(argument),
            Token::Minus | Token::UnaryMinus => Term::Signed(argument, Sign::Minus),
            Token::Plus | Token::UnaryPlus => Term::Signed(argument, Sign::Plus),
            _ => Term::Refused(Refused::Name),
        };
    }
    let Ok(sides) = <[Node; 2]>::try_from(arguments) else { return Term::Refused(Refused::Name) };
    let sides = Box::new(sides);
    match token {
        Token::EqualsTo => Term::Compare(Comparison::Equal, sides),
        Token::NotEqualsTo => Term::Compare(Comparison::Other, sides),
        Token::LessThan => Term::Compare(Comparison::Less, sides),
        Token::LessThanEqualsTo => Term::Compare(Comparison::LessOrEqual, sides),
        Token::GreaterThan => Term::Compare(Comparison::More, sides),
        Token::GreaterThanEqualsTo => Term::Compare(Comparison::MoreOrEqual, sides),
        Token::Plus => Term::Arithmetic(Arithmetic::Plus, sides),
        Token::Minus => Term::Arithmetic(Arithmetic::Minus, sides),
        Token::Multiply => Term::Arithmetic(Arithmetic::Times, sides),
        Token::Divide => Term::Arithmetic(Arithmetic::Divide, sides),
        Token::Modulo => Term::Arithmetic(Arithmetic::Remainder, sides),
        Token::PowerOf => Term::Arithmetic(Arithmetic::Power, sides),
        Token::ExclusiveRange | Token::InclusiveRange => Term::Range(sides),
        Token::Ampersand | Token::Pipe | Token::XOr | Token::LeftShift | Token::RightShift => Term::Bits(sides),
        _ => Term::Refused(Refused::Name),
    }
}
