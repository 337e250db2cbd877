//! Collects the fields of an operation: what the specification calls `CollectFields` and `MergeSelectionSets`, done
//! before execution for all the object types that a value may have.

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    Name, Node,
    ast::{Directive, Value as Literal},
    executable::{self, Operation, SelectionSet},
};
use fixedbitset::FixedBitSet;
use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    arguments::{Variables, bytes, given, same},
    document::Document,
    limits::within,
    plan::{Field, Selection, Shape},
    problem::{Code, Problem, Problems},
    types::Types,
};

/// Collects the fields of an operation.
pub(crate) struct Collect<'a> {
    types: &'a Types,
    document: &'a Document,
    variables: &'a Variables,
    /// How many fields were written down, and how many may be.
    written: usize,
    allowed: usize,
    /// How many fields were looked at, and how many bytes of arguments were written down.
    looked_at: usize,
    argument_bytes: usize,
    /// How often what is written down now stands there, once for each type.
    copies: usize,
}

/// How often a part may be written down, once for each type, only so that nothing is executed twice.
const MAX_COPIES: usize = 64;
/// How often a field may be looked at for each that may be written down.
const LOOKS: usize = 10;
/// The bytes that the arguments of all fields may have, with what variables put into each.
const MAX_ARGUMENT_BYTES: usize = 2_000_000;
const TOO_MANY: &str = "The operation selects too many fields for the types that they can have";

/// The object types to which a part of a selection applies.
struct Scope {
    types: FixedBitSet,
    /// A type that stands for just these, among those that the parent can have.
    name: Option<Name>,
}

/// The fields with one response key in one scope: they are one field of the answer.
type Group<'a> = Vec<&'a Node<executable::Field>>;

/// The fields of one selection, as they are gathered. The first scope is the whole.
struct Gathered<'a> {
    scopes: Vec<Scope>,
    /// Whether the parent is a union, which has no fields of its own.
    of_union: bool,
    groups: IndexMap<(usize, &'a Name), Group<'a>>,
    seen: HashSet<(usize, &'a Name)>,
}

impl<'a> Collect<'a> {
    pub(crate) fn new(
        types: &'a Types,
        document: &'a Document,
        variables: &'a Variables,
        allowed: usize,
    ) -> Self {
        Self { types, document, variables, written: 0, allowed, looked_at: 0, argument_bytes: 0, copies: 1 }
    }

    /// The fields at the root of an operation.
    pub(crate) fn root(&mut self, operation: &'a Operation) -> Result<Vec<Selection>, Problems> {
        self.merged(operation.object_type(), &mut std::iter::once(&operation.selection_set))
    }

    /// What is asked of a value of a type by all the fields that ask for it.
    fn merged(
        &mut self,
        parent: &Name,
        sets: &mut dyn Iterator<Item = &'a SelectionSet>,
    ) -> Result<Vec<Selection>, Problems> {
        let whole = Scope { types: self.types.possible(parent), name: None };
        let of_union = self.types.is_union(parent);
        let mut gathered =
            Gathered { scopes: vec![whole], of_union, groups: IndexMap::new(), seen: HashSet::new() };
        for set in sets {
            self.gather(set, 0, &mut gathered)?;
        }
        gathered.drop_repeated();
        let few = self.copies.saturating_mul(self.types.possible(parent).count_ones(..)) <= MAX_COPIES;
        // What is executed twice is merged by the executor: only time is lost, and errors are told twice.
        if self.strange(parent, &gathered) || (few && gathered.overlap()) {
            self.by_type(&gathered)
        } else {
            self.by_scope(parent, &gathered)
        }
    }

    fn gather(
        &mut self,
        set: &'a SelectionSet,
        scope: usize,
        gathered: &mut Gathered<'a>,
    ) -> Result<(), Problems> {
        self.looked_at += set.selections.len();
        let allowed = self.allowed.saturating_mul(LOOKS);
        within(Code::MaxFields, TOO_MANY, self.looked_at as u64, allowed as u64)?;
        for selection in &set.selections {
            if !self.applies(selection.directives())? {
                continue;
            }
            match selection {
                executable::Selection::Field(field) => {
                    gathered.groups.entry((scope, field.response_key())).or_default().push(field);
                }
                executable::Selection::InlineFragment(fragment) => {
                    let set = &fragment.selection_set;
                    if let Some(scope) = gathered.narrow(scope, &set.ty, self.types) {
                        self.gather(set, scope, gathered)?;
                    }
                }
                executable::Selection::FragmentSpread(spread) => {
                    let found = self.document.executable.fragments.get(&spread.fragment_name);
                    let Some(set) = found.map(|fragment| &fragment.selection_set) else { continue };
                    let Some(scope) = gathered.narrow(scope, &set.ty, self.types) else { continue };
                    if gathered.seen.insert((scope, &spread.fragment_name)) {
                        self.gather(set, scope, gathered)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether `@skip` and `@include` let a selection stay.
    fn applies(&self, directives: &[Node<Directive>]) -> Result<bool, Problems> {
        for directive in directives {
            let hides = match directive.name.as_str() {
                "skip" => true,
                "include" => false,
                _ => continue,
            };
            if self.condition(directive)? == hides {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The condition of a directive. A variable for it may be null because it has a default, but then it must not be.
    fn condition(&self, directive: &Node<Directive>) -> Result<bool, Problems> {
        let condition = directive.specified_argument_by_name("if").and_then(|value| match &**value {
            Literal::Variable(name) => self.variables.get(name.as_str()).and_then(Value::as_bool),
            value => value.to_bool(),
        });
        condition.ok_or_else(|| {
            let message = format!("The condition of @{} must not be null.", directive.name);
            vec![Problem::new(Code::BadUserInput, message).at(self.document.at(directive.location()))]
        })
    }

    /// Whether a field is asked of all types that the parent itself has not: unions have no fields, and an interface
    /// only its own.
    fn strange(&self, parent: &Name, gathered: &Gathered<'_>) -> bool {
        let schema = &self.types.schema;
        let has = |group: &Group<'_>| {
            let name = group.first().map(|field| &field.name);
            name.is_some_and(|name| name == "__typename" || schema.type_field(parent, name).is_ok())
        };
        gathered.groups.iter().any(|((scope, _), group)| *scope == 0 && !has(group))
    }

    /// Writes groups down in their order, those of a narrower scope within a condition.
    fn by_scope(&mut self, parent: &Name, gathered: &Gathered<'a>) -> Result<Vec<Selection>, Problems> {
        let mut selections = Vec::new();
        let mut groups = gathered.groups.iter().peekable();
        while let Some(((scope, _), group)) = groups.next() {
            if *scope == 0 {
                selections.push(Selection::Field(self.field(parent, group)?));
                continue;
            }
            let mut together = vec![group];
            while let Some((_, group)) = groups.next_if(|((next, _), _)| next == scope) {
                together.push(group);
            }
            let Some(scope) = gathered.scopes.get(*scope) else { continue };
            let names = scope.name.iter().chain(scope.objects(self.types).filter(|_| scope.name.is_none()));
            for name in names {
                selections.push(self.on(name, &together)?);
            }
        }
        Ok(selections)
    }

    /// Writes down for every object type what it is asked, when fields of several scopes are one for some types.
    fn by_type(&mut self, gathered: &Gathered<'a>) -> Result<Vec<Selection>, Problems> {
        let mut selections = Vec::new();
        let Some(whole) = gathered.scopes.first() else { return Ok(selections) };
        let copies = self.copies;
        self.copies = self.copies.saturating_mul(whole.types.count_ones(..));
        for place in whole.types.ones() {
            let Some(name) = self.types.objects.get(place) else { continue };
            let mut asked: IndexMap<&Name, Group<'a>> = IndexMap::new();
            for ((scope, key), group) in &gathered.groups {
                if gathered.scopes.get(*scope).is_some_and(|scope| scope.types.contains(place)) {
                    asked.entry(key).or_default().extend(group);
                }
            }
            let groups: Vec<&Group<'a>> = asked.values().collect();
            selections.push(self.on(name, &groups)?);
        }
        self.copies = copies;
        Ok(selections)
    }

    fn on(&mut self, name: &Name, groups: &[&Group<'a>]) -> Result<Selection, Problems> {
        let fields = groups.iter().map(|group| Ok(Selection::Field(self.field(name, group)?)));
        Ok(Selection::On {
            type_name: name.to_string(),
            selections: fields.collect::<Result<_, Problems>>()?,
        })
    }

    fn field(&mut self, parent: &Name, group: &[&'a Node<executable::Field>]) -> Result<Field, Problems> {
        self.written += 1;
        within(Code::MaxFields, TOO_MANY, self.written as u64, self.allowed as u64)?;
        let (first, others) = group.split_first().ok_or_else(Vec::new)?;
        if let Some(other) = others.iter().find(|other| !same(&first.arguments, &other.arguments)) {
            return Err(vec![self.conflict(first.response_key(), other)]);
        }
        // On the type that is known here, a field may have a narrower type than where it was asked.
        let own = self.types.schema.type_field(parent, &first.name).ok();
        let definition = own.map_or(&*first.definition, |own| &**own);
        let ty = definition.ty.inner_named_type();
        let mut sets = group.iter().map(|field| &field.selection_set);
        let pages = |name: &str| definition.argument_by_name(name).is_some();
        Ok(Field {
            key: first.response_key().to_string(),
            name: first.name.to_string(),
            arguments: self.arguments(first)?,
            offset: first.location().map(|span| span.offset()).unwrap_or_default(),
            selections: if first.selection_set.is_empty() { Vec::new() } else { self.merged(ty, &mut sets)? },
            shape: Shape { list: definition.ty.is_list(), paged: pages("first") || pages("last") },
        })
    }

    fn arguments(&mut self, field: &executable::Field) -> Result<Vec<(String, Value)>, Problems> {
        let arguments = given(field, self.variables);
        self.argument_bytes += arguments.iter().map(|(_, value)| bytes(value)).sum::<usize>();
        let what = "The arguments of all fields together are too long, in bytes";
        within(Code::MaxCharacters, what, self.argument_bytes as u64, MAX_ARGUMENT_BYTES as u64)?;
        Ok(arguments)
    }

    fn conflict(&self, key: &Name, field: &Node<executable::Field>) -> Problem {
        let message = format!(
            "Fields \"{key}\" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional."
        );
        Problem::new(Code::ValidationFailed, message).at(self.document.at(field.location()))
    }
}

impl Scope {
    fn objects<'t>(&'t self, types: &'t Types) -> impl Iterator<Item = &'t Name> {
        self.types.ones().filter_map(|place| types.objects.get(place))
    }
}

impl<'a> Gathered<'a> {
    /// The scope of what stands in a scope under a type condition; nothing when it never applies.
    fn narrow(&mut self, scope: usize, condition: &Name, types: &Types) -> Option<usize> {
        let outer = self.scopes.get(scope)?;
        let whole = self.scopes.first()?;
        let possible = types.possible(condition);
        let mut narrowed = outer.types.clone();
        narrowed.intersect_with(&possible);
        if narrowed.is_clear() {
            return None;
        }
        let is_union = types.is_union(condition);
        let as_whole = |known: &Scope| {
            // A union's own scope has no fields: an interface of all its members stands for itself.
            !(self.of_union && known.name.is_none() && !is_union)
        };
        let same = |known: &Scope| known.types == narrowed && as_whole(known);
        if let Some(known) = self.scopes.iter().position(same) {
            return Some(known);
        }
        let mut of_whole = whole.types.clone();
        of_whole.intersect_with(&possible);
        // The executor takes the name of an interface for its objects, but not that of a union.
        let name = (of_whole == narrowed && !is_union).then(|| condition.clone());
        self.scopes.push(Scope { types: narrowed, name });
        Some(self.scopes.len() - 1)
    }

    /// Drops leaves that are asked for again for some of the types that have them already, as clients do that ask
    /// for the name of the type everywhere.
    fn drop_repeated(&mut self) {
        if self.scopes.len() == 1 {
            return;
        }
        let mut wide: HashMap<&'a Name, FixedBitSet> = HashMap::new();
        let scopes = &self.scopes;
        self.groups.retain(|(scope, key), group| {
            let Some(scope) = scopes.get(*scope) else { return true };
            let is_leaf =
                group.iter().all(|field| field.selection_set.is_empty() && field.arguments.is_empty());
            let types = wide.entry(key).or_default();
            let repeated = is_leaf && scope.types.is_subset(types);
            types.union_with(&scope.types);
            !repeated
        });
    }

    /// Whether some object type gets a response key from more than one scope.
    fn overlap(&self) -> bool {
        if self.scopes.len() == 1 {
            return false;
        }
        let mut taken: HashMap<&Name, FixedBitSet> = HashMap::new();
        self.groups.keys().any(|(scope, key)| {
            let Some(scope) = self.scopes.get(*scope) else { return false };
            let types = taken.entry(key).or_default();
            let overlaps = !types.is_disjoint(&scope.types);
            types.union_with(&scope.types);
            overlaps
        })
    }
}
