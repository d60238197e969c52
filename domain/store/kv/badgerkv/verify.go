package badgerkv

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/table"

	"pult/domain/store/kv"
)

// The engine believes what it finds: it deletes tables when their list is
// missing, cuts a log at the first byte that is wrong, leaves out a table whose
// checksum does not match, and ends the process over lengths that make no sense.
// So everything is read before it is let in, and nothing is changed meanwhile.

// Verified is what Verify found in a sound folder.
type Verified struct {
	Used int64 // bytes of all files, with their holes
	Free int64 // bytes left on the disk; 0 if the system does not tell

	newest   marks             // numbers of the newest commits
	versions map[string]uint64 // of the values below
	values   map[string][]byte // newest value of the keys that were asked for
}

// Value is the newest value of a key that Verify was asked to look for; nil if
// there is none.
func (v *Verified) Value(key []byte) []byte { return v.values[string(key)] }

// Verify reads every file of a store that is not open and changes nothing, not
// even a time. It checks lists, lengths and every checksum, and that the newest
// acknowledged commit is there. On the way it picks up the newest values of keys.
//
// The error is a *kv.Damage, kv.ErrLocked if the store is open somewhere, or
// fs.ErrNotExist if there is no store.
func Verify(dir string, keys ...[]byte) (*Verified, error) {
	if _, err := os.Stat(dir); err != nil {
		if noted, _, noteErr := readMarks(dir); errors.Is(err, fs.ErrNotExist) && noteErr == nil && noted != (marks{}) {
			return nil, &kv.Damage{File: dir, Reason: "it is missing"}
		}
		return nil, fmt.Errorf("store: %w", err)
	}
	unlock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return verifyLocked(dir, keys...)
}

// verifyLocked is Verify for whoever has the lock.
func verifyLocked(dir string, keys ...[]byte) (*Verified, error) {
	acknowledged, known, err := readMarks(dir)
	if err != nil {
		return nil, err
	}
	v := &verification{
		dir:      dir,
		trusted:  known,
		Verified: &Verified{versions: map[string]uint64{}, values: map[string][]byte{}},
	}
	for _, key := range append(keys, markKeys[:]...) {
		v.versions[string(key)] = 0
	}
	if err := v.run(acknowledged); err != nil {
		return nil, err
	}
	v.Free, _ = freeBytes(dir) // only for people to know
	return v.Verified, nil
}

// verification is one run of Verify.
type verification struct {
	*Verified
	dir     string
	trusted bool // it is known which commits were acknowledged

	names    []string // of the files, sorted
	manifest badger.Manifest
	stored   uint64 // the newest version that tables and logs hold
	cut      string // path of a log that ends in something unreadable; "" = none
}

func (v *verification) run(acknowledged marks) error {
	if err := v.list(); err != nil {
		return err
	}
	if !v.has(badger.ManifestFilename) {
		return v.withoutManifest(acknowledged)
	}
	for _, step := range []func() error{v.readManifest, v.readTables, v.readRegistry, v.readLogs, v.readStrays} {
		if err := step(); err != nil {
			return err
		}
	}
	v.newest = v.marksFound()
	for s := range v.newest {
		if missing := int64(acknowledged[s]) - int64(v.newest[s]); missing > 0 {
			return v.damage(v.lossFile(), "%d transactions that were stored are missing from it", missing)
		}
	}
	return nil
}

func (v *verification) damage(file, format string, args ...any) error {
	return &kv.Damage{File: file, Reason: fmt.Sprintf(format, args...)}
}

func (v *verification) path(name string) string { return filepath.Join(v.dir, name) }

func (v *verification) has(name string) bool {
	_, found := slices.BinarySearch(v.names, name)
	return found
}

// withSuffix lists files of a kind, oldest first: their names are numbers of a
// fixed width.
func (v *verification) withSuffix(suffix string) (names []string) {
	for _, name := range v.names {
		if strings.HasSuffix(name, suffix) {
			names = append(names, name)
		}
	}
	return names
}

// list finds the files of the engine. What has the name of one is one.
func (v *verification) list() error {
	entries, err := os.ReadDir(v.dir)
	if err != nil {
		return fmt.Errorf("store: list data folder: %w", err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if !isEngineFile(name) {
			continue
		}
		info, err := os.Stat(v.path(name))
		switch {
		case err != nil:
			return v.damage(v.path(name), "it cannot be read (%v)", errors.Unwrap(err))
		case !info.Mode().IsRegular():
			return v.damage(v.path(name), "it is no file")
		case !hasGoodName(name):
			return v.damage(v.path(name), "a file of the database has no such name")
		}
		v.names = append(v.names, name)
		v.Used += info.Size()
	}
	slices.Sort(v.names)
	return nil
}

const (
	memSuffix   = ".mem"
	valueSuffix = ".vlog"
	tableSuffix = ".sst"
	discardName = "DISCARD"
	lockName    = "LOCK"
)

func isEngineFile(name string) bool {
	switch name {
	case badger.ManifestFilename, badger.KeyRegistryFileName, discardName, lockName:
		return true
	}
	return slices.Contains([]string{memSuffix, valueSuffix, tableSuffix}, filepath.Ext(name))
}

// hasGoodName reports whether the engine itself would give a numbered file its
// name: it stumbles over others.
func hasGoodName(name string) bool {
	width := map[string]int{memSuffix: 5, valueSuffix: 6, tableSuffix: 6}[filepath.Ext(name)]
	if width == 0 {
		return true
	}
	number := strings.TrimSuffix(name, filepath.Ext(name))
	return len(number) >= width && len(number) < 10 && strings.Trim(number, "0123456789") == ""
}

// withoutManifest judges a folder that has no list of tables: a new one, or one
// whose making was interrupted. Anything else has lost its list, and the engine
// would take the tables for rubbish.
func (v *verification) withoutManifest(acknowledged marks) error {
	for _, name := range v.names {
		switch info, err := os.Stat(v.path(name)); {
		case err != nil:
			return fmt.Errorf("store: %w", err)
		case name != badger.KeyRegistryFileName && name != lockName && info.Size() > 0:
			return v.damage(v.path(badger.ManifestFilename), "it is missing, and there are data beside it")
		}
	}
	if acknowledged != (marks{}) {
		return v.damage(v.dir, "the data that were in it are gone")
	}
	return nil
}

func (v *verification) readManifest() error {
	path := v.path(badger.ManifestFilename)
	f, err := os.Open(path)
	if err != nil {
		return v.damage(path, "it cannot be read (%v)", errors.Unwrap(err))
	}
	defer f.Close()
	err = guard(func() (err error) {
		v.manifest, _, err = badger.ReplayManifestFile(f, 0, badger.DefaultOptions("").WithLogger(nil))
		return err
	})
	if err != nil {
		return v.damage(path, "%s", oneLine(err))
	}
	return nil
}

// readTables checks that each table of the list is there and whole.
func (v *verification) readTables() error {
	levels := map[uint8][]bounds{}
	for id, listed := range v.manifest.Tables {
		name := table.IDToFilename(id)
		if !v.has(name) {
			return v.damage(v.path(name), "it is missing")
		}
		if listed.KeyID != 0 {
			return v.damage(v.path(badger.ManifestFilename), "it says that %s is encrypted", name)
		}
		found, err := v.readTable(name, listed.Compression)
		if err != nil {
			return v.damage(v.path(name), "%s", oneLine(err))
		}
		v.stored = max(v.stored, found.version)
		levels[listed.Level] = append(levels[listed.Level], found)
	}
	return v.checkOrder(levels)
}

// readStrays looks at tables that are not in the list. An interrupted run leaves
// such, and all they hold is elsewhere too; the engine removes them. Where the
// numbers of commits do not prove that, one that holds something newer than all
// the rest must not be lost.
func (v *verification) readStrays() error {
	if v.trusted {
		return nil
	}
	for _, name := range v.withSuffix(tableSuffix) {
		if slices.Contains(v.listedNames(), name) {
			continue
		}
		aside := &verification{dir: v.dir, Verified: &Verified{}} // what it holds does not count
		found, err := aside.readTable(name, badger.DefaultOptions("").Compression)
		if err == nil && found.version > v.stored {
			return v.damage(v.path(badger.ManifestFilename), "it does not know %s, which holds data", name)
		}
	}
	return nil
}

func (v *verification) listedNames() (names []string) {
	for id := range v.manifest.Tables {
		names = append(names, table.IDToFilename(id))
	}
	return names
}

// readRegistry checks the list of encryption keys. This store has none, so the
// list is a head and nothing else.
func (v *verification) readRegistry() error {
	if !v.has(badger.KeyRegistryFileName) {
		return nil // the engine makes it again
	}
	const vector, head = 16, "Hello Badger"
	path := v.path(badger.KeyRegistryFileName)
	b, err := os.ReadFile(path)
	if err != nil {
		return v.damage(path, "it cannot be read (%v)", errors.Unwrap(err))
	}
	if len(b) != vector+len(head) || string(b[vector:]) != head {
		return v.damage(path, "it is not what the database wrote")
	}
	return nil
}

func (v *verification) isWanted(key []byte) bool {
	_, wanted := v.versions[string(key)]
	return wanted
}

// note keeps the newest value of a key that is looked for.
func (v *verification) note(key, value []byte, version uint64) {
	if newest, wanted := v.versions[string(key)]; wanted && version >= newest {
		v.versions[string(key)], v.values[string(key)] = version, slices.Clone(value)
	}
}

func (v *verification) marksFound() (found marks) {
	for s, key := range markKeys {
		found[s] = numberIn(v.values[string(key)])
	}
	return found
}

// lossFile names what most likely lost commits.
func (v *verification) lossFile() string {
	if v.cut != "" {
		return v.cut
	}
	if logs := v.withSuffix(memSuffix); len(logs) > 0 {
		return v.path(logs[len(logs)-1])
	}
	return v.dir
}

// guard turns a panic into an error: code of the engine that reads damaged files
// panics.
func guard(read func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it makes no sense (%v)", p)
		}
	}()
	return read()
}

// oneLine makes the text of an error fit into a sentence.
func oneLine(err error) string {
	line, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	const most = 160
	if len(line) > most {
		line = line[:most]
	}
	return strings.TrimRight(line, ".: ")
}
