//! Which fields of the record an expression names.

use rhai::{AST, ASTNode, BinaryExpr, Expr, Position};

use crate::text::Located;

use super::RECORD;
use super::place::Places;

/// Every `record.field` and `record["field"]`, in the order in which they stand.
pub(super) fn fields(ast: &AST, places: &Places<'_>) -> Vec<Located<String>> {
    let mut found = Vec::new();
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        if let Some(ASTNode::Expr(Expr::Dot(chain, ..) | Expr::Index(chain, ..))) = path.last()
            && let Some((name, position)) = field_of(chain)
        {
            found.push(Located::new(name, places.token(position)));
        }
        true
    });
    found.sort_by_key(|field| field.span);
    found
}

/// The field that a chain of dots and brackets starts with, if it starts at the record.
fn field_of(chain: &BinaryExpr) -> Option<(String, Position)> {
    let Expr::Variable(variable, ..) = &chain.lhs else { return None };
    if variable.1 != RECORD {
        return None;
    }
    first_link(&chain.rhs)
}

fn first_link(link: &Expr) -> Option<(String, Position)> {
    match link {
        Expr::Property(property, position) => Some((property.2.to_string(), *position)),
        Expr::StringConstant(text, position) => Some((text.to_string(), *position)),
        Expr::Dot(chain, ..) | Expr::Index(chain, ..) => first_link(&chain.lhs),
        _ => None,
    }
}
