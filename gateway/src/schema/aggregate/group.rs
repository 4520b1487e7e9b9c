//! A group, as the schema shows it.
//!
//! Owns: the figures that the groups of all nouns have in common. May use: the grouping that a group is of. Invariant: what is
//! shown of a group has been wanted before it was read: both are written here, one beside the other.

/// The group of a noun: what its rows share, which each noun says of itself, and its figures.
macro_rules! group {
    (
        $(#[doc = $doc:literal])+
        $group:ident of $noun:ident: $dimension:ident, $time:ident $(, $number:ident)?;
        $($keys:tt)*
    ) => {
        $(#[doc = $doc])+
        pub struct $group {
            grouping: ::std::sync::Arc<$crate::schema::aggregate::GroupBuilder<$noun>>,
            group: ::entity::analytics::Group,
        }

        impl $group {
            /// What the operation shows of each group.
            fn shown(context: &::async_graphql::Context<'_>) -> $crate::schema::aggregate::RequestedMeasures<$noun> {
                let selected = $crate::schema::aggregate::SelectedFields::of(context);
                let mut wanted = $crate::schema::aggregate::RequestedMeasures::default();
                wanted.add_distinct(selected.named::<$dimension>("countDistinct").into_iter().map(Into::into));
                $(
                    for field in ["sum", "avg", "min", "max", "stddev"] {
                        wanted.add_numbers(selected.named::<$number>(field).into_iter().map(Into::into));
                    }
                    wanted.add_medians(selected.named::<$number>("median").into_iter().map(Into::into));
                )?
                for field in ["earliest", "latest"] {
                    wanted.add_times(selected.named::<$time>(field).into_iter().map(Into::into));
                }
                wanted
            }

            fn key(&self, dimension: <$noun as ::entity::analytics::Aggregatable>::Dimension) -> Option<&::entity::analytics::KeyValue> {
                self.grouping.key(&self.group, dimension)
            }

            fn figure(
                &self,
                measure: $crate::schema::aggregate::MeasureOf<$noun>,
            ) -> Result<Option<f64>, $crate::errors::ResolverError> {
                self.grouping.figure(&self.group, measure)
            }
        }

        $(#[doc = $doc])+
        #[::gateway_macros::guarded(org = Member)]
        impl $group {
            $($keys)*

            /// Where the interval begins that they are in.
            #[guard(org = Member)]
            fn bucket(&self) -> Option<::chrono::DateTime<::chrono::Utc>> {
                self.grouping.bucket(&self.group)
            }

            /// How many they are.
            #[guard(org = Member)]
            fn count(&self) -> i32 {
                $crate::schema::aggregate::whole(self.group.count)
            }

            /// How many different values they have; none is not a value.
            #[guard(org = Member)]
            #[expect(clippy::cast_possible_truncation, reason = "a count of rows")]
            fn count_distinct(
                &self,
                #[graphql(desc = "Of what.")] of: $dimension,
            ) -> Result<Option<i32>, $crate::errors::ResolverError> {
                let count = self.figure($crate::schema::aggregate::Measure::Distinct(of.into()))?;
                Ok(count.map(|count| count as i32))
            }

            $(
                /// The sum.
                #[guard(org = Member)]
                fn sum(&self, #[graphql(desc = "Of what.")] of: $number) -> Result<Option<f64>, $crate::errors::ResolverError> {
                    self.figure($crate::schema::aggregate::Measure::Sum(of.into()))
                }

                /// The mean.
                #[guard(org = Member)]
                fn avg(&self, #[graphql(desc = "Of what.")] of: $number) -> Result<Option<f64>, $crate::errors::ResolverError> {
                    self.figure($crate::schema::aggregate::Measure::Mean(of.into()))
                }

                /// The least.
                #[guard(org = Member)]
                fn min(&self, #[graphql(desc = "Of what.")] of: $number) -> Result<Option<f64>, $crate::errors::ResolverError> {
                    self.figure($crate::schema::aggregate::Measure::Least(of.into()))
                }

                /// The largest.
                #[guard(org = Member)]
                fn max(&self, #[graphql(desc = "Of what.")] of: $number) -> Result<Option<f64>, $crate::errors::ResolverError> {
                    self.figure($crate::schema::aggregate::Measure::Largest(of.into()))
                }

                /// The median: the one in the middle, or the mean of the two.
                #[guard(org = Member)]
                fn median(
                    &self,
                    #[graphql(desc = "Of what.")] of: $number,
                ) -> Result<Option<f64>, $crate::errors::ResolverError> {
                    self.figure($crate::schema::aggregate::Measure::Median(of.into()))
                }

                /// The standard deviation, of these rows and not of others for which they would stand.
                #[guard(org = Member)]
                fn stddev(
                    &self,
                    #[graphql(desc = "Of what.")] of: $number,
                ) -> Result<Option<f64>, $crate::errors::ResolverError> {
                    self.figure($crate::schema::aggregate::Measure::Deviation(of.into()))
                }
            )?

            /// The earliest.
            #[guard(org = Member)]
            fn earliest(
                &self,
                #[graphql(desc = "Of what.")] of: $time,
            ) -> Result<Option<::chrono::DateTime<::chrono::Utc>>, $crate::errors::ResolverError> {
                Ok(self.grouping.times(&self.group, of.into())?.map(|times| times.first))
            }

            /// The latest.
            #[guard(org = Member)]
            fn latest(
                &self,
                #[graphql(desc = "Of what.")] of: $time,
            ) -> Result<Option<::chrono::DateTime<::chrono::Utc>>, $crate::errors::ResolverError> {
                Ok(self.grouping.times(&self.group, of.into())?.map(|times| times.last))
            }
        }
    };
}
pub(crate) use group;
