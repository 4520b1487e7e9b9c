//! Values of variables.
//!
//! Owns: coercing what a request brings to the types that its operation declares (October 2021, section 6.1.2, and `@oneOf`). The validator's own
//! coercion has another type of JSON and does not know the schema's own scalars. May use: the schema. Invariant: what comes out has a value for
//! each variable but those that are left out and have no default, and each value is one of its type.

use std::fmt::{Display, Formatter};

use apollo_compiler::{
    ast::Type,
    schema::{ExtendedType, InputObjectType},
};
use async_graphql::{Name, Number, ServerError, Value, Variables, indexmap::IndexMap};

use super::{Rules, ValidatedDocument, Variable, scalar, wording};
use crate::{errors::ErrorCode, graphql::executor::error};

/// Where in a variable's value something is.
struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    segment: Segment<'a>,
}

enum Segment<'a> {
    Variable(&'a str),
    Field(&'a str),
    Item(usize),
}

impl Path<'_> {
    fn field<'a>(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Field(name) }
    }

    fn item(&self, index: usize) -> Path<'_> {
        Path { parent: Some(self), segment: Segment::Item(index) }
    }
}

impl Display for Path<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.segment {
            Segment::Variable(name) => write!(f, "${name}"),
            Segment::Field(name) => write!(f, ".{name}"),
            Segment::Item(index) => write!(f, "[{index}]"),
        }
    }
}

impl Rules {
    /// The variables of an operation of a document, coerced. What is given and not declared is left away.
    ///
    /// # Errors
    /// The first thing that is wrong with each variable.
    pub(in crate::graphql) fn coerce(
        &self,
        checked: &ValidatedDocument,
        operation: Option<&str>,
        mut given: Variables,
    ) -> Result<Variables, Vec<ServerError>> {
        let mut coerced = Variables::default();
        let mut errors = Vec::new();
        for Variable { name, ty, default, decides, at } in checked.variables(operation) {
            let path = Path { parent: None, segment: Segment::Variable(name) };
            let value = match (given.remove(name), default) {
                // The library would take it for false.
                (Some(Value::Null), _) if *decides => Err(self.missing(&path, ty)),
                (Some(value), _) => self.value(ty, value, &path).map(Some),
                (None, Some(default)) => Ok(Some(default.clone())),
                (None, None) if ty.is_non_null() => Err(self.missing(&path, ty)),
                (None, None) => Ok(None),
            };
            match value {
                Ok(Some(value)) => drop(coerced.insert(name.clone(), value)),
                Ok(None) => {}
                Err(message) => {
                    let mut error = error(ErrorCode::BadUserInput, message);
                    error.locations.push(*at);
                    errors.push(error);
                }
            }
        }
        if errors.is_empty() { Ok(coerced) } else { Err(errors) }
    }

    fn value(&self, ty: &Type, value: Value, path: &Path<'_>) -> Result<Value, String> {
        match (ty, value) {
            (Type::Named(_) | Type::List(_), Value::Null) => Ok(Value::Null),
            (Type::NonNullNamed(_) | Type::NonNullList(_), Value::Null) => Err(self.missing(path, ty)),
            (Type::List(of) | Type::NonNullList(of), Value::List(items)) => {
                let items = items.into_iter().enumerate().map(|(at, item)| self.value(of, item, &path.item(at)));
                items.collect::<Result<_, _>>().map(Value::List)
            }
            // One value is a list of one.
            (Type::List(of) | Type::NonNullList(of), value) => Ok(Value::List(vec![self.value(of, value, path)?])),
            (Type::Named(name) | Type::NonNullNamed(name), value) => self.named(name, value, path),
        }
    }

    fn named(&self, ty: &str, value: Value, path: &Path<'_>) -> Result<Value, String> {
        let coerced = match (ty, value) {
            ("Int", Value::Number(number)) => {
                int(&number).map(|int| Value::Number(int.into())).ok_or(Value::Number(number))
            }
            ("Float", number @ Value::Number(_)) => Ok(number),
            ("String" | "ID", text @ Value::String(_)) => Ok(text),
            ("Boolean", boolean @ Value::Boolean(_)) => Ok(boolean),
            ("ID", Value::Number(number)) => id(&number).map(Value::String).ok_or(Value::Number(number)),
            ("Int" | "Float" | "String" | "ID" | "Boolean", other) => Err(other),
            (_, value) => match (self.schema.types.get(ty), value) {
                (Some(ExtendedType::InputObject(input)), Value::Object(fields)) => {
                    return self.object(input, fields, path);
                }
                (Some(ExtendedType::Enum(values)), Value::String(name))
                    if values.values.contains_key(name.as_str()) =>
                {
                    Ok(Value::String(name))
                }
                (Some(ExtendedType::InputObject(_) | ExtendedType::Enum(_)), other) => Err(other),
                (_, value) => match scalar(ty) {
                    Some(scalar) if !scalar.takes(value.clone()) => Err(value),
                    _ => Ok(value),
                },
            },
        };
        coerced.map_err(|value| {
            let found = value.into_json().map(|json| json.to_string()).unwrap_or_default();
            let found = wording::shortened(&found);
            format!("`{path}`: {}", wording::expected(&found, ty, &self.example(ty)))
        })
    }

    fn object(&self, input: &InputObjectType, fields: IndexMap<Name, Value>, path: &Path<'_>) -> Result<Value, String> {
        let is_one = fields.len() == 1 && fields.values().all(|value| *value != Value::Null);
        if input.is_one_of() && !is_one {
            return Err(format!("`{path}`: `{}` takes exactly one field that is not null", input.name));
        }
        for (name, field) in &input.fields {
            if field.is_required() && !fields.contains_key(name.as_str()) {
                return Err(self.missing(&path.field(name), &field.ty));
            }
        }
        let fields = fields.into_iter().map(|(name, value)| {
            let path = path.field(&name);
            let Some(field) = input.fields.get(name.as_str()) else {
                let near = self.explain(&format!("field `{name}` does not exist on `{}`", input.name));
                return Err(format!("`{path}`: {near}"));
            };
            let value = self.value(&field.ty, value, &path)?;
            Ok((name, value))
        });
        fields.collect::<Result<_, _>>().map(Value::Object)
    }

    fn missing(&self, path: &Path<'_>, ty: &Type) -> String {
        let named = ty.inner_named_type();
        let list = if ty.is_list() { "list of " } else { "" };
        format!("`{path}` is required: give it a value of type {list}{named}, such as {}", self.example(named))
    }
}

/// An integer of 32 bits, however it is written: `2.0` is one.
fn int(number: &Number) -> Option<i32> {
    let double = || number.as_f64().filter(|double| double.fract() == 0.0 && double.abs() < 1e10);
    let whole = number.as_i64().or_else(|| double().map(|double| double as i64))?;
    i32::try_from(whole).ok()
}

/// The id that a number is, if it has no fraction.
fn id(number: &Number) -> Option<String> {
    if number.is_i64() || number.is_u64() {
        return Some(number.to_string());
    }
    number.as_f64().filter(|double| double.fract() == 0.0).map(|double| format!("{double:.0}"))
}
