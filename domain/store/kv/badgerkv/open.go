package badgerkv

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"

	"pult/domain/store/kv"
)

// memTableSize is the smallest that takes a transaction of kv.MaxTxnBytes: the
// engine allows 15 % of it. Small tables keep the idle desk small.
const memTableSize = 8 << 20

// Badger formats the causes of these failures into the text instead of wrapping
// them, so the text is all there is to go by.
const (
	lockedText    = "Another process is using this Badger database"
	emptyFileText = "Create a new file"
)

// engineOptions is the profile for a desktop: a small heap and small files,
// because on Windows the sparse logs take their full size on the disk.
func engineOptions(opts Options) badger.Options {
	logger := engineLogger{opts.Logger}
	if opts.InMemory {
		return badger.DefaultOptions("").WithInMemory(true).WithLogger(logger).
			WithMemTableSize(memTableSize).WithNumMemtables(2).WithNumCompactors(2).
			WithBlockCacheSize(8 << 20).WithMetricsEnabled(false)
	}
	return badger.DefaultOptions(opts.Dir).
		WithLogger(logger).
		WithSyncWrites(true).
		WithMemTableSize(memTableSize).
		WithNumMemtables(2).
		WithNumCompactors(2).
		WithBlockCacheSize(16 << 20).
		WithIndexCacheSize(8 << 20).
		WithValueLogFileSize(1 << 20).
		WithChecksumVerificationMode(options.OnBlockRead).
		WithMetricsEnabled(false)
}

// openFolder opens the engine on a folder that was verified, and goes on with its
// numbers of commits. An empty log file may also appear between the cure and the
// opening, if another process dies just then; hence one retry.
func openFolder(opts Options) (*badger.DB, *marker, error) {
	found, err := prepareFolder(opts.Dir)
	if err != nil {
		return nil, nil, err
	}
	if err := requireRoom(opts); err != nil {
		return nil, nil, err
	}
	db, err := cureAndOpen(opts)
	if err != nil && strings.Contains(err.Error(), emptyFileText) {
		opts.Logger.Warn("store: trying once more to open", "dir", opts.Dir, "cause", err)
		db, err = cureAndOpen(opts)
	}
	if err != nil {
		return nil, nil, err
	}
	marks, err := openMarker(opts.Dir, found.newest)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, marks, nil
}

// requireRoom returns kv.ErrReadOnly if there is not even room for the files that
// the engine makes when it opens: it would end the process.
func requireRoom(opts Options) error {
	free, err := newDiskGuard(opts).free(opts.Dir)
	if err == nil && free < roomToOpen {
		return fmt.Errorf("%w: %d MB are free, opening %s takes %d", kv.ErrReadOnly, free>>20, opts.Dir, roomToOpen>>20)
	}
	return nil // without numbers the engine may try
}

// prepareFolder makes a folder that is missing and verifies one that is there. What
// a killed restore left beside it is removed.
func prepareFolder(dir string) (*Verified, error) {
	found, err := Verify(dir)
	if errors.Is(err, fs.ErrNotExist) {
		found, err = &Verified{}, nil
	}
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("store: make data folder: %w", err)
	}
	return found, removeTemporary(filepath.Dir(dir))
}

func cureAndOpen(opts Options) (*badger.DB, error) {
	removed, err := removeEmptyLogs(opts.Dir)
	if err != nil {
		return nil, err
	}
	if len(removed) > 0 {
		opts.Logger.Warn("store: removed empty log files of an interrupted run", "files", removed)
	}
	return openEngine(engineOptions(opts))
}

// openEngine turns the panics that damaged files cause inside Badger, and the
// text of its lock, into errors.
func openEngine(opts badger.Options) (db *badger.DB, err error) {
	defer func() {
		if p := recover(); p != nil {
			db, err = nil, fmt.Errorf("store: open %s: the files are damaged: %v", opts.Dir, p)
		}
	}()
	db, err = badger.Open(opts)
	if err == nil {
		return db, nil
	}
	if strings.Contains(err.Error(), lockedText) {
		return nil, fmt.Errorf("%w: %s", kv.ErrLocked, opts.Dir)
	}
	return nil, fmt.Errorf("store: open %s: %w", opts.Dir, err)
}

// removeEmptyLogs removes log files without a single byte: a process was killed
// between creating and sizing them. It holds the folder's lock meanwhile,
// because in a folder in use such a file may be one that was just created.
func removeEmptyLogs(dir string) (removed []string, err error) {
	empty, err := emptyLogs(dir)
	if err != nil || len(empty) == 0 {
		return nil, err
	}
	unlock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	// Look again: what was empty before the lock may have been in use.
	if empty, err = emptyLogs(dir); err != nil {
		return nil, err
	}
	for _, path := range empty {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("store: remove empty log file: %w", err)
		}
	}
	return empty, nil
}

func emptyLogs(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("store: list data folder: %w", err)
	}
	var empty []string
	for _, entry := range entries {
		if ext := filepath.Ext(entry.Name()); ext != ".mem" && ext != ".vlog" {
			continue
		}
		path := filepath.Join(dir, entry.Name())
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() == 0 {
			empty = append(empty, path)
		}
	}
	return empty, nil
}
