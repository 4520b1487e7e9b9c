//! What every aggregate has: its inputs, its connection and its edge.

use chrono_tz::{TZ_VARIANTS, Tz};
use entity::text::quoted;

use crate::errors::ResolverError;

/// A time zone by its name, in any letter case: no two names differ by that alone (RFC 6557 §6).
pub(crate) fn zone(name: &str) -> Result<Tz, ResolverError> {
    let unknown =
        || ResolverError::BadUserInput(format!("`timeZone` is {}; write a name such as `Europe/Berlin`", quoted(name)));
    let exact: Option<Tz> = name.parse().ok();
    exact.or_else(|| TZ_VARIANTS.into_iter().find(|zone| zone.name().eq_ignore_ascii_case(name))).ok_or_else(unknown)
}

/// The inputs, the connection and the edge of the aggregate over one noun. The group itself and the measure stand in the
/// noun's own file.
macro_rules! aggregate {
    (
        $noun:ident: $group:ident, $dimension:ident, $time:ident, $measure:ident,
        $having:ident, $order:ident, $bucket:ident, $connection:ident, $edge:ident
    ) => {
        /// A condition on a figure of a group. What is given must hold all together.
        #[derive(::async_graphql::InputObject)]
        pub struct $having {
            /// Which figure.
            measure: $measure,
            /// It is this.
            eq: Option<f64>,
            /// It is above this.
            gt: Option<f64>,
            /// It is this or above.
            gte: Option<f64>,
            /// It is below this.
            lt: Option<f64>,
            /// It is this or below.
            lte: Option<f64>,
        }

        /// By what groups are ordered: a dimension that they are grouped by, the bucket or a figure; exactly one of them.
        #[derive(::async_graphql::InputObject)]
        pub struct $order {
            /// By a dimension; rows without come first.
            dimension: Option<$dimension>,
            /// By where the interval begins.
            #[graphql(default)]
            bucket: bool,
            /// By a figure; groups without come first.
            measure: Option<$measure>,
            /// Which way.
            #[graphql(default)]
            direction: $crate::schema::OrderDirection,
        }

        /// Into which intervals of time rows are put. Rows without that time are left out.
        #[derive(::async_graphql::InputObject)]
        pub struct $bucket {
            /// By which time.
            field: $time,
            /// How long an interval is.
            unit: $crate::schema::aggregate::TimeUnit,
            /// In which time zone intervals begin, by its name in the IANA database.
            #[graphql(default = "UTC")]
            time_zone: String,
            /// With which day weeks begin.
            #[graphql(default)]
            week_start: $crate::schema::aggregate::Weekday,
            /// Only rows within this range; from the first row to the last, if not given.
            range: Option<$crate::schema::overview::TimeRange>,
            /// Tells intervals without a row, too, each with a count of 0.
            #[graphql(default)]
            fill: bool,
        }

        impl From<$having> for $crate::schema::aggregate::Having<$crate::schema::aggregate::MeasureOf<$noun>> {
            fn from(having: $having) -> Self {
                let $having { measure, eq, gt, gte, lt, lte } = having;
                Self { measure: measure.into(), eq, gt, gte, lt, lte }
            }
        }

        impl $order {
            fn checked(self) -> Result<$crate::schema::aggregate::SortBy<$noun>, $crate::errors::ResolverError> {
                use $crate::schema::aggregate::SortKey;
                let rank = match (self.dimension, self.bucket, self.measure) {
                    (Some(dimension), false, None) => SortKey::Key(dimension.into()),
                    (None, true, None) => SortKey::Bucket,
                    (None, false, Some(measure)) => SortKey::Figure(measure.into()),
                    _ => {
                        let message = "each `orderBy` names one of `dimension`, `bucket` and `measure`".to_owned();
                        return Err($crate::errors::ResolverError::BadUserInput(message));
                    }
                };
                Ok((rank, self.direction.into()))
            }
        }

        impl $bucket {
            fn checked(
                self,
            ) -> Result<
                $crate::schema::aggregate::BucketSpec<<$noun as ::entity::analytics::Aggregatable>::Time>,
                $crate::errors::ResolverError,
            > {
                use $crate::schema::aggregate::{BucketSpec, Calendar, GapFilling, zone};
                Ok(BucketSpec {
                    time: self.field.into(),
                    calendar: Calendar { unit: self.unit, zone: zone(&self.time_zone)?, week_start: self.week_start },
                    range: self.range.map(|range| range.checked("range")).transpose()?,
                    gaps: if self.fill { GapFilling::Filled } else { GapFilling::Left },
                })
            }
        }

        /// A page of groups.
        pub struct $connection($crate::schema::aggregate::GroupPage<$noun>);

        impl $connection {
            pub(crate) async fn read(
                context: &::async_graphql::Context<'_>,
                ask: $crate::schema::aggregate::AggregateRequest<$noun>,
            ) -> Result<Option<Self>, $crate::errors::ResolverError> {
                Ok($crate::schema::aggregate::read(context, ask).await?.map(Self))
            }

            fn group(
                (grouping, group): (
                    ::std::sync::Arc<$crate::schema::aggregate::GroupBuilder<$noun>>,
                    ::entity::analytics::Group,
                ),
            ) -> $group {
                $group { grouping, group }
            }
        }

        /// A page of groups.
        #[::gateway_macros::guarded(org = Member)]
        impl $connection {
            /// The groups with their cursors.
            #[guard(org = Member)]
            fn edges(
                &self,
                context: &::async_graphql::Context<'_>,
            ) -> Result<Vec<$edge>, $crate::errors::ResolverError> {
                let places = self.0.places();
                places
                    .zip(self.0.groups())
                    .map(|(place, group)| {
                        Ok($edge { cursor: self.0.cursor(context, place)?, node: Self::group(group) })
                    })
                    .collect()
            }

            /// The groups.
            #[guard(org = Member)]
            fn nodes(&self) -> $crate::row_encoding::RowList<$group> {
                $crate::row_encoding::RowList(self.0.groups().map(Self::group).collect())
            }

            /// Where the page stands among the groups.
            #[guard(org = Member)]
            fn page_info(
                &self,
                context: &::async_graphql::Context<'_>,
            ) -> Result<$crate::schema::connection::PageInfo, $crate::errors::ResolverError> {
                self.0.page_info(context)
            }

            /// How many groups there are in all.
            #[guard(org = Member)]
            fn total_count(&self) -> usize {
                self.0.total()
            }
        }

        /// A group with its cursor.
        pub struct $edge {
            cursor: String,
            node: $group,
        }

        /// A group with its cursor.
        #[::gateway_macros::guarded(org = Member)]
        impl $edge {
            /// The group's place, for `after`.
            #[guard(org = Member)]
            fn cursor(&self) -> &str {
                &self.cursor
            }

            /// The group.
            #[guard(org = Member)]
            fn node(&self) -> &$group {
                &self.node
            }
        }
    };
}
pub(crate) use aggregate;

#[cfg(test)]
mod tests {
    use super::{Tz, zone};

    #[test]
    fn a_zone_is_found_by_its_name_in_any_letter_case() {
        for (name, found) in [
            ("Europe/Berlin", "Europe/Berlin"),
            ("europe/berlin", "Europe/Berlin"),
            ("utc", "UTC"),
            ("Utc", "UTC"),
            ("etc/gmt+1", "Etc/GMT+1"),
            ("asia/CALCUTTA", "Asia/Calcutta"),
            ("US/Eastern", "US/Eastern"),
        ] {
            assert_eq!(zone(name).ok().map(Tz::name), Some(found), "{name}");
        }
        for name in ["", "Etc/Unknown", "Europe", "Europe/Berlin ", "+01:00", "local"] {
            assert!(zone(name).is_err(), "{name}");
        }
    }
}
