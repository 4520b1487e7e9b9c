//! Connections.
//!
//! Owns: the arguments of every list, their checks, and the shape of connections and edges. May use: the loaders, the
//! cursors. Invariant: a filter or an order on a field is accepted only where the field itself may be read, in every DSO
//! concerned.

use std::sync::Arc;

use async_graphql::Context;
use entity::{
    id::DsoId,
    models::ColumnSet,
    queries::{CursorPosition, Direction, PageDirection, PageRequest},
};
use gateway_macros::guarded;
use uuid::Uuid;

use super::{
    cursor::{CursorScope, Cursors},
    input::Cursor,
};
use crate::{
    errors::ResolverError,
    guard,
    limits::LimitRegistry,
    loaders::{FilterOf, ListingOf, Loaded, OrderOf, ParentOf, RowOf, SharedPage},
    request::RequestContext,
};

/// The four arguments of every connection.
#[derive(Debug, Default)]
pub struct PageArgs {
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<Cursor>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<Cursor>,
}

/// A noun that the schema lists.
pub(crate) trait Listable: Loaded {
    /// The fields that a filter and an order look at, by coordinate.
    fn read_fields(filter: &FilterOf<Self>, order: OrderOf<Self>) -> Vec<&'static str>;
}

/// A page of a list, and all that is needed to say more about it.
pub(crate) struct PageResult<N: Listable> {
    parent: Option<(ParentOf<N>, Uuid)>,
    listing: Arc<ListingOf<N>>,
    page: SharedPage<N>,
}

/// What is asked of a list: which rows and in what order.
pub(crate) struct ListRequest<N: Listable> {
    pub(crate) parent: Option<(ParentOf<N>, Uuid)>,
    /// The DSOs whose rows may be among them; all visible ones when not given.
    pub(crate) dsos: Option<Vec<DsoId>>,
    pub(crate) filter: FilterOf<N>,
    pub(crate) order: OrderOf<N>,
    pub(crate) direction: Direction,
}

/// Reads one page of a list, with these columns of its rows; none if the filter or the order looks at what the caller may not read.
pub(crate) async fn list<N: Listable>(
    context: &Context<'_>,
    args: PageArgs,
    ask: ListRequest<N>,
    columns: ColumnSet,
) -> Result<Option<PageResult<N>>, ResolverError> {
    let request = RequestContext::of(context);
    let scope = request.scope()?;
    let reads = N::read_fields(&ask.filter, ask.order);
    if !reads.is_empty() {
        let concerned = ask.dsos.as_deref().unwrap_or(scope.context().visible_dsos());
        if guard::check_fields(context, &reads, concerned).is_none() {
            return Ok(None);
        }
    }
    let window = window(context, args, || binding::<N>(context, ask.order, ask.direction))?;
    let listing = ListingOf::<N> { filter: ask.filter, order: ask.order, direction: ask.direction, window };
    let listing = Arc::new(listing);
    let page = request.loaders()?.page::<N>(ask.parent, Arc::clone(&listing), columns).await?;
    Ok(Some(PageResult { parent: ask.parent, listing, page }))
}

fn binding<N: Listable>(
    context: &Context<'_>,
    order: OrderOf<N>,
    direction: Direction,
) -> Result<CursorScope, ResolverError> {
    let organization = RequestContext::of(context).scope()?.context().organization();
    Ok(CursorScope { organization, list: format!("{} {order:?} {direction:?}", std::any::type_name::<N>()) })
}

fn window(
    context: &Context<'_>,
    args: PageArgs,
    binding: impl Fn() -> Result<CursorScope, ResolverError>,
) -> Result<PageRequest, ResolverError> {
    let (cursors, limits) = (shared::<Cursors>(context)?, shared::<Arc<LimitRegistry>>(context)?.now());
    let count = |name: &str, count: i32| match u32::try_from(count) {
        Ok(count) if count <= limits.max_page_size => Ok(count),
        _ => Err(ResolverError::BadUserInput(format!(
            "`{name}` is {count}; it must be between 0 and {}",
            limits.max_page_size
        ))),
    };
    let take = match (args.first, args.last) {
        (Some(_), Some(_)) => return Err(ResolverError::BadUserInput("give `first` or `last`, not both".to_owned())),
        (Some(first), None) => PageDirection::First(count("first", first)?),
        (None, Some(last)) => PageDirection::Last(count("last", last)?),
        (None, None) => PageDirection::First(limits.default_page_size),
    };
    let mark = |name: &str, cursor: Option<Cursor>| {
        let given = cursor.as_ref().and_then(Cursor::supplied);
        given.map(|cursor| cursors.decode(&binding()?, name, cursor)).transpose()
    };
    Ok(PageRequest { take, after: mark("after", args.after)?, before: mark("before", args.before)? })
}

/// What the schema was built with.
pub(super) fn shared<'a, T: Send + Sync + 'static>(context: &Context<'a>) -> Result<&'a T, ResolverError> {
    context.data::<T>().map_err(|_| ResolverError::Internal)
}

impl<N: Listable> PageResult<N> {
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Arc<RowOf<N>>> {
        self.page.rows.iter()
    }

    /// A row's cursor.
    pub(crate) fn cursor(&self, context: &Context<'_>, row: &RowOf<N>) -> Result<String, ResolverError> {
        let binding = binding::<N>(context, self.listing.order, self.listing.direction)?;
        let mark: CursorPosition = N::cursor_position(row, self.listing.order);
        shared::<Cursors>(context)?.encode(&binding, &mark)
    }

    pub(crate) fn page_info(&self, context: &Context<'_>) -> Result<PageInfo, ResolverError> {
        let cursor = |row: Option<&Arc<RowOf<N>>>| row.map(|row| self.cursor(context, row)).transpose();
        let (start, end) = (cursor(self.page.rows.first())?, cursor(self.page.rows.last())?);
        Ok(PageInfo::new(self.page.has_previous, self.page.has_next, start, end))
    }

    pub(crate) async fn total(&self, context: &Context<'_>) -> Result<Option<i32>, ResolverError> {
        let loaders = RequestContext::of(context).loaders()?;
        let total = loaders.count::<N>(self.parent, self.listing.filter.clone()).await?;
        Ok(i32::try_from(total).ok())
    }
}

/// Where a page stands in its list.
pub struct PageInfo {
    has_next_page: bool,
    has_previous_page: bool,
    start_cursor: Option<String>,
    end_cursor: Option<String>,
}

impl PageInfo {
    pub(crate) fn new(
        has_previous_page: bool,
        has_next_page: bool,
        start_cursor: Option<String>,
        end_cursor: Option<String>,
    ) -> Self {
        Self { has_next_page, has_previous_page, start_cursor, end_cursor }
    }
}

/// Where a page stands in its list.
#[guarded(org = Member)]
impl PageInfo {
    /// Whether rows stand behind the page's last one.
    #[guard(org = Member)]
    fn has_next_page(&self) -> bool {
        self.has_next_page
    }

    /// Whether rows stand before the page's first one.
    #[guard(org = Member)]
    fn has_previous_page(&self) -> bool {
        self.has_previous_page
    }

    /// The cursor of the page's first row.
    #[guard(org = Member)]
    fn start_cursor(&self) -> Option<&str> {
        self.start_cursor.as_deref()
    }

    /// The cursor of the page's last row.
    #[guard(org = Member)]
    fn end_cursor(&self) -> Option<&str> {
        self.end_cursor.as_deref()
    }
}

/// A connection and its edge over one noun.
macro_rules! connection {
    ($noun:ty, $node:ident, $connection:ident, $edge:ident) => {
        /// A page of a list.
        pub struct $connection($crate::schema::connection::PageResult<$noun>);

        impl $connection {
            /// The page that the field at hand gives back.
            pub(crate) async fn read(
                context: &::async_graphql::Context<'_>,
                args: $crate::schema::PageArgs,
                ask: $crate::schema::connection::ListRequest<$noun>,
            ) -> Result<Option<Self>, $crate::errors::ResolverError> {
                let columns = $crate::row_encoding::columns::<$noun, $node>(context, ask.dsos.as_deref());
                Ok($crate::schema::connection::list(context, args, ask, columns).await?.map(Self))
            }
        }

        /// A page of a list.
        #[::gateway_macros::guarded(org = Member)]
        impl $connection {
            /// The rows with their cursors.
            #[guard(org = Member)]
            fn edges(
                &self,
                context: &::async_graphql::Context<'_>,
            ) -> Result<$crate::row_encoding::RowList<$edge>, $crate::errors::ResolverError> {
                let edges = self.0.rows().map(|row| {
                    let cursor = self.0.cursor(context, row)?;
                    Ok($edge { cursor, node: ::std::sync::Arc::clone(row) })
                });
                edges.collect::<Result<_, _>>().map($crate::row_encoding::RowList)
            }

            /// The rows.
            #[guard(org = Member)]
            fn nodes(&self) -> $crate::row_encoding::RowList<$node> {
                $crate::row_encoding::RowList(
                    self.0.rows().map(|row| $node::from(::std::sync::Arc::clone(row))).collect(),
                )
            }

            /// Where the page stands in the list.
            #[guard(org = Member)]
            fn page_info(
                &self,
                context: &::async_graphql::Context<'_>,
            ) -> Result<$crate::schema::connection::PageInfo, $crate::errors::ResolverError> {
                self.0.page_info(context)
            }

            /// How many rows the whole list has; counted only if asked for.
            #[guard(org = Member)]
            async fn total_count(
                &self,
                context: &::async_graphql::Context<'_>,
            ) -> Result<Option<i32>, $crate::errors::ResolverError> {
                self.0.total(context).await
            }
        }

        /// A row with its cursor.
        pub struct $edge {
            cursor: String,
            node: ::std::sync::Arc<$crate::loaders::RowOf<$noun>>,
        }

        /// A row with its cursor.
        #[::gateway_macros::guarded(org = Member)]
        impl $edge {
            /// The row's place in the list, for `after` and `before`.
            #[guard(org = Member)]
            fn cursor(&self) -> &str {
                &self.cursor
            }

            /// The row.
            #[guard(org = Member)]
            fn node(&self) -> $crate::row_encoding::SingleRow<$node> {
                $crate::row_encoding::SingleRow($node::from(::std::sync::Arc::clone(&self.node)))
            }
        }
    };
}
pub(crate) use connection;
