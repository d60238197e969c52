package kv

import "fmt"

// Damage means that what lies on the disk is not what was written, or not all of
// it. The store was not opened and nothing was changed: what is still there can
// be looked at, copied, or replaced by a backup.
type Damage struct {
	File   string // path of the file or folder that is damaged
	Reason string // what is wrong with it, as the second half of a sentence
}

func (d *Damage) Error() string { return fmt.Sprintf("%s is damaged: %s", d.File, d.Reason) }
