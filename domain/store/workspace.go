package store

import "pult/domain"

// Workspace reads what is set for the whole desk; the zero value before the set-up.
func (tx *Tx) Workspace() (w domain.Workspace, err error) {
	_, err = tx.findRecord(makeKey("w"), &w)
	return w, err
}

// PutWorkspace writes what is set for the whole desk.
func (tx *Tx) PutWorkspace(w *domain.Workspace) error { return tx.putRecord(makeKey("w"), w) }
