package badgerkv

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/dgraph-io/badger/v4"

	"pult/domain/store/kv"
)

// maxPendingLoads is how many batches Badger may have under way while loading.
const maxPendingLoads = 16

// temporary is how everything begins that a restore leaves when it is killed.
const temporary = ".restore-"

// RestoreOptions say what is made from which backup.
type RestoreOptions struct {
	// Dir is the folder of the new store. It must be missing or empty, for
	// loading adds to what is there and removes nothing.
	Dir    string
	Backup io.Reader
	// Set are keys that the new store has besides, or instead.
	Set map[string][]byte
	// Ready is called when the new store is complete and is about to appear in
	// Dir: the moment to make room there. Its error ends the restore. nil means
	// that there is nothing to do, and Dir is looked at first.
	Ready func() error
}

// Restore makes a store from a backup. The backup is first copied to a temporary
// file beside the folder and checked to the last byte: kv.ErrBadBackup leaves
// nothing behind. So does every other error, and Dir appears only when it is
// complete. What an earlier restore left when it was killed is removed.
func Restore(o RestoreOptions) error {
	if o.Ready == nil {
		if err := checkEmpty(o.Dir); err != nil {
			return err
		}
	}
	parent := filepath.Dir(filepath.Clean(o.Dir))
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return fmt.Errorf("store: restore: %w", err)
	}
	if err := removeTemporary(parent); err != nil {
		return err
	}
	spool, err := os.CreateTemp(parent, temporary+"*.backup")
	if err != nil {
		return fmt.Errorf("store: restore: %w", err)
	}
	defer func() {
		_ = spool.Close() // only read from by now
		_ = os.Remove(spool.Name())
	}()
	size, err := io.Copy(spool, o.Backup)
	if err != nil {
		return fmt.Errorf("store: restore: copy the backup: %w", err)
	}
	stream, err := verifiedStream(spool, size)
	if err != nil {
		return err
	}
	if err := checkRoom(parent, size); err != nil {
		return err
	}
	return loadBeside(o, stream)
}

// removeTemporary removes what killed restores left in a folder.
func removeTemporary(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), temporary) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
		}
	}
	if err != nil {
		return fmt.Errorf("store: remove what an interrupted restore left: %w", err)
	}
	return nil
}

func checkEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("store: restore: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("store: restore: folder %s is not empty", dir)
	}
	return nil
}

// verifiedStream returns Badger's part of a backup of the given size, or
// kv.ErrBadBackup if header or checksum are wrong.
func verifiedStream(backup io.ReaderAt, size int64) (io.Reader, error) {
	const headerLen = int64(len(backupHeader))
	end := size - sha256.Size
	if end < headerLen {
		return nil, fmt.Errorf("%w: only %d bytes", kv.ErrBadBackup, size)
	}
	header := make([]byte, headerLen)
	if _, err := backup.ReadAt(header, 0); err != nil {
		return nil, fmt.Errorf("store: restore: read the backup: %w", err)
	}
	if string(header) != backupHeader {
		return nil, fmt.Errorf("%w: unknown header", kv.ErrBadBackup)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(backup, 0, end)); err != nil {
		return nil, fmt.Errorf("store: restore: read the backup: %w", err)
	}
	trailer := make([]byte, sha256.Size)
	if _, err := backup.ReadAt(trailer, end); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("store: restore: read the backup: %w", err)
	}
	if !bytes.Equal(sum.Sum(nil), trailer) {
		return nil, fmt.Errorf("%w: wrong checksum", kv.ErrBadBackup)
	}
	return io.NewSectionReader(backup, headerLen, end-headerLen), nil
}

// checkRoom refuses with kv.ErrReadOnly to load what would fill the disk: that
// would kill the process. Logs and tables exist twice while loading.
func checkRoom(dir string, size int64) error {
	free, err := freeBytes(dir)
	if err != nil {
		return err
	}
	if need := 2*size + DefaultFreeFloor; free < need {
		return fmt.Errorf("%w: restoring needs %d bytes of disk, %d are free", kv.ErrReadOnly, need, free)
	}
	return nil
}

// loadBeside loads into a temporary folder and gives it the name of the new store
// at the end.
func loadBeside(o RestoreOptions, stream io.Reader) error {
	parent := filepath.Dir(filepath.Clean(o.Dir))
	made, err := os.MkdirTemp(parent, temporary+"*")
	if err != nil {
		return fmt.Errorf("store: restore: %w", err)
	}
	if err := loadInto(made, stream, o.Set); err != nil {
		return errors.Join(err, os.RemoveAll(made))
	}
	if o.Ready != nil {
		if err := o.Ready(); err != nil {
			return errors.Join(err, os.RemoveAll(made))
		}
	}
	if err := os.Remove(o.Dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return errors.Join(fmt.Errorf("store: restore: %w", err), os.RemoveAll(made))
	}
	if err := os.Rename(made, o.Dir); err != nil {
		return errors.Join(fmt.Errorf("store: restore: %w", err), os.RemoveAll(made))
	}
	// Last, so that until now a missing folder is a loss and no new desk. The note
	// of what was there before says nothing about what is there now.
	if err := os.Remove(NotePath(o.Dir)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("store: restore: %w", err)
	}
	return syncFolder(parent)
}

func loadInto(dir string, stream io.Reader, set map[string][]byte) (err error) {
	db, err := openEngine(engineOptions(Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)}))
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := db.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("store: restore: close: %w", closeErr)
		}
	}()
	if err := loadStream(db, stream); err != nil {
		return err
	}
	err = db.Update(func(t *badger.Txn) error {
		for key, value := range set {
			if err := t.Set([]byte(key), value); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: restore: %w", err)
	}
	return nil
}

// loadStream turns a panic into an error: the checksum proves that a backup is
// what was written, not that whoever wrote it was sound.
func loadStream(db *badger.DB, stream io.Reader) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", kv.ErrBadBackup, p)
		}
	}()
	if err := db.Load(bufio.NewReader(stream), maxPendingLoads); err != nil {
		return fmt.Errorf("store: restore: load: %w", err)
	}
	return nil
}
