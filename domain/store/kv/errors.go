package kv

import "errors"

// The errors of a store. Engines wrap them; compare with errors.Is.
var (
	// ErrNotFound means that the key has no value.
	ErrNotFound = errors.New("store: not found")
	// ErrConflict means that an Update met a conflict and its context ended
	// before a retry succeeded. Nothing was written.
	ErrConflict = errors.New("store: conflict")
	// ErrUnknown means that it could not be found out whether a commit took
	// place. The caller must not report success and must try again with the
	// same ids, so that a second commit changes nothing.
	ErrUnknown = errors.New("store: commit outcome unknown")
	// ErrTooBig means that a key, a value or a transaction exceeds the limits
	// of this package, or that a key is empty. Nothing was written.
	ErrTooBig = errors.New("store: key, value or transaction too big")
	// ErrReservedKey means that a key lies where engines keep their own records.
	ErrReservedKey = errors.New("store: key is reserved for the engine")
	// ErrReadOnly means that the store takes no writes for now, usually because
	// the disk is nearly full. Reading still works.
	ErrReadOnly = errors.New("store: read-only")
	// ErrLocked means that another process, or another Store of this one, has
	// the data folder open.
	ErrLocked = errors.New("store: data folder is in use by another process")
	// ErrClosed means that the store was closed.
	ErrClosed = errors.New("store: closed")
	// ErrBadBackup means that a backup is damaged, incomplete, or was made by
	// something else. Nothing was restored.
	ErrBadBackup = errors.New("store: not a complete backup of this kind of store")
	// ErrStop is returned by an Iterate callback that has seen enough; Iterate
	// then returns nil.
	ErrStop = errors.New("store: stop iterating")
)
