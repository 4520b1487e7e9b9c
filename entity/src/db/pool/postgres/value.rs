//! Values on their way to PostgreSQL.
//!
//! Owns: which type a statement's value is declared as, and its bytes. May use: the driver's own conversions. Invariant: a
//! parameter's type follows from the value alone, never from where it stands in the statement; what has no type here is an error,
//! not a guess.

use bytes::BytesMut;
use sea_orm::{
    Value,
    sea_query::{ArrayType, OptionEnum},
};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// A value, and the type as which it is sent.
#[derive(Debug)]
pub(super) struct Parameter {
    value: Value,
    pub(super) ty: Type,
}

/// A value of a kind that no statement of ours sends.
#[derive(Debug, thiserror::Error)]
#[error("a value of this kind is not sent to PostgreSQL: {0}")]
pub(super) struct UnsupportedValue(&'static str);

impl Parameter {
    pub(super) fn new(value: Value) -> Result<Self, UnsupportedValue> {
        let ty = match &value {
            Value::Bool(_) => Type::BOOL,
            Value::SmallInt(_) => Type::INT2,
            Value::Int(_) => Type::INT4,
            Value::BigInt(_) | Value::Unsigned(_) | Value::BigUnsigned(_) => Type::INT8,
            Value::Double(_) => Type::FLOAT8,
            Value::String(_) | Value::Enum(_) => Type::TEXT,
            Value::Bytes(_) => Type::BYTEA,
            Value::Json(_) => Type::JSONB,
            Value::Uuid(_) => Type::UUID,
            Value::ChronoDate(_) => Type::DATE,
            Value::ChronoDateTimeUtc(_) => Type::TIMESTAMPTZ,
            Value::Array(ArrayType::Uuid, _) => Type::UUID_ARRAY,
            Value::Array(ArrayType::String, _) => Type::TEXT_ARRAY,
            Value::Array(ArrayType::Int, _) => Type::INT4_ARRAY,
            Value::Array(ArrayType::BigInt, _) => Type::INT8_ARRAY,
            Value::Array(ArrayType::ChronoDateTimeUtc, _) => Type::TIMESTAMPTZ_ARRAY,
            Value::Array(_, _) => {
                return Err(UnsupportedValue("an array of something else than ids, texts, times and whole numbers"));
            }
            _ => return Err(UnsupportedValue("neither text, number, truth, time, id, bytes nor JSON")),
        };
        Ok(Self { value, ty })
    }
}

/// What a value writes into a message, or why it cannot.
type TextParameter = Result<IsNull, Box<dyn std::error::Error + Sync + Send>>;

impl ToSql for Parameter {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> TextParameter {
        match &self.value {
            Value::Bool(value) => value.to_sql(ty, out),
            Value::SmallInt(value) => value.to_sql(ty, out),
            Value::Int(value) => value.to_sql(ty, out),
            Value::BigInt(value) => value.to_sql(ty, out),
            Value::Unsigned(value) => value.map(i64::from).to_sql(ty, out),
            Value::BigUnsigned(value) => value.map(i64::try_from).transpose()?.to_sql(ty, out),
            Value::Double(value) => value.to_sql(ty, out),
            Value::String(value) => value.as_deref().to_sql(ty, out),
            Value::Enum(OptionEnum::Some(value)) => value.value.as_ref().to_sql(ty, out),
            Value::Enum(OptionEnum::None(_)) => Ok(IsNull::Yes),
            Value::Bytes(value) => value.as_deref().to_sql(ty, out),
            Value::Json(value) => value.as_deref().to_sql(ty, out),
            Value::Uuid(value) => value.to_sql(ty, out),
            Value::ChronoDate(value) => value.to_sql(ty, out),
            Value::ChronoDateTimeUtc(value) => value.to_sql(ty, out),
            Value::Array(_, None) => Ok(IsNull::Yes),
            Value::Array(_, Some(values)) => {
                let elements: Result<Vec<_>, _> = values.iter().cloned().map(Self::new).collect();
                elements?.to_sql(ty, out)
            }
            _ => Err(Box::new(UnsupportedValue("it has no type"))),
        }
    }

    fn accepts(_: &Type) -> bool {
        // `to_sql_checked` asks this of the type alone; whether it is the value's own was settled when the statement was prepared.
        true
    }

    to_sql_checked!();
}
