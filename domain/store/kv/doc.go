// Package kv is the contract between Pult and whatever keeps its data: an
// ordered key-value store with transactions.
//
// A store maps keys to values, both plain bytes. Keys are compared as unsigned
// bytes, a prefix before its extensions. An empty value is a value and differs
// from a missing key. Slices given to a store are copied; slices handed out
// belong to the caller.
//
// What every engine promises:
//
//   - View reads one snapshot that contains every commit acknowledged before
//     it began. Update reads one snapshot plus its own writes.
//   - All of a transaction becomes visible or none of it. A nil error from
//     Update or Append means that the data survive a power cut.
//   - Update commits only if no key it read, present or missing, changed since
//     its snapshot; otherwise its function runs again on a new one. That
//     function must therefore have no effect outside the transaction, except
//     assigning to its own variables at its start.
//   - Phantoms are not excluded: two Updates may each scan a range, find it
//     empty and insert. A rule about the members of a range calls Txn.Touch on
//     a guard key, in every transaction that changes the range or decides by it.
//   - A blind write (Set or Append of a key nobody read) never conflicts; the
//     last commit wins.
//   - Watch names every key committed after it returned, or says that the
//     watcher has to read everything again.
//
// Not part of the contract, because engines disagree about them: expiry,
// sequences, merge operators, versions, nested transactions, and cursors that
// outlive their transaction.
//
// The package also holds what all engines share, so that limits, retries and
// watching behave alike everywhere: Budget, Retry, PrefixEnd and Hub. The suite
// in kvtest defines what "works" means; an engine lives in a package of its own
// below this one.
package kv
