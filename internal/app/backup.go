package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"pult/domain/store"
	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// A backup is backupHead, the key that seals credentials (zeros when it is lost), the engine's own backup, and the
// SHA-256 of all that. The key travels with the data it belongs to. Format 1 had no checksum over the key.
const (
	backupHead  = "pult backup 2\n"
	backupHead1 = "pult backup 1\n"
)

var errRunning = errors.New("the desk is running")

// sayRunning says in words that the data are in use.
func (p *program) sayRunning(err error) error {
	if errors.Is(err, kv.ErrLocked) {
		return fmt.Errorf("%w on %s; stop it first", errRunning, p.folder.path)
	}
	return adviseOpening(err, p.folder.path)
}

// writeBackup writes the database and its key into one file, and says how much it holds. It needs the desk to be
// stopped.
func (p *program) writeBackup(ctx context.Context, file string) error {
	if err := p.folder.requireDesk(); err != nil {
		return err
	}
	engine, err := p.folder.openEngine(p.config.Limits.FreeDiskFloor, p.log)
	if err != nil {
		return p.sayRunning(err)
	}
	defer engine.Close()
	key, err := p.folder.loadKey()
	if err != nil {
		return err
	}
	contents, err := store.CountContents(ctx, engine)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = writeBackupTo(ctx, f, key, engine)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("write the backup: %w", err), os.Remove(file))
	}
	fmt.Fprintf(p.in.Stdout, "Backup written to %s: %d conversations, %d messages\n",
		file, contents.Conversations, contents.Messages)
	if len(key) == 0 {
		fmt.Fprintln(p.in.Stdout, p.sayKeyLost())
	}
	return nil
}

func writeBackupTo(ctx context.Context, w io.Writer, key []byte, engine kv.Store) error {
	if len(key) == 0 {
		key = make([]byte, store.SealKeyLength)
	}
	sum := sha256.New()
	all := io.MultiWriter(w, sum)
	if _, err := all.Write(append([]byte(backupHead), key...)); err != nil {
		return err
	}
	if err := engine.Backup(ctx, all); err != nil {
		return err
	}
	_, err := w.Write(sum.Sum(nil))
	return err
}

// readBackup checks a backup and gives its key, nil when it has none, and the engine's part.
func readBackup(f io.ReadSeeker) (key []byte, engine io.Reader, err error) {
	head := make([]byte, len(backupHead)+store.SealKeyLength)
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, nil, kv.ErrBadBackup
	}
	if key = head[len(backupHead):]; bytes.Equal(key, make([]byte, store.SealKeyLength)) {
		key = nil
	}
	switch string(head[:len(backupHead)]) {
	case backupHead1:
		return key, f, nil // the engine's part has a checksum of its own
	case backupHead:
	default:
		return nil, nil, kv.ErrBadBackup
	}
	size, err := f.Seek(0, io.SeekEnd)
	end := size - sha256.Size
	if err != nil || end < int64(len(head)) {
		return nil, nil, errors.Join(kv.ErrBadBackup, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, nil, err
	}
	sum, want := sha256.New(), make([]byte, sha256.Size)
	if _, err := io.CopyN(sum, f, end); err != nil {
		return nil, nil, err
	}
	if _, err := io.ReadFull(f, want); err != nil {
		return nil, nil, err
	}
	if !bytes.Equal(sum.Sum(nil), want) {
		return nil, nil, fmt.Errorf("%w: wrong checksum", kv.ErrBadBackup)
	}
	_, err = f.Seek(int64(len(head)), io.SeekStart)
	return key, io.LimitReader(f, end-int64(len(head))), err
}

// restoreBackup puts a backup into a data folder that has no database yet, or a damaged one: that is moved aside, once
// the backup has proved whole.
func (p *program) restoreBackup(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	key, engine, err := readBackup(f)
	if errors.Is(err, kv.ErrBadBackup) {
		return fmt.Errorf("%s is not a whole backup of Pult", file)
	}
	if err != nil {
		return err
	}
	damaged, err := p.canReplace()
	if err != nil {
		return err
	}
	now := time.Now()
	err = badgerkv.Restore(badgerkv.RestoreOptions{
		Dir: p.folder.databasePath(), Backup: engine, Set: store.MarkRestored(now),
		Ready: func() error { return p.makeRoom(key, now) },
	})
	if err != nil {
		return fmt.Errorf("restore %s: %w", file, err)
	}
	fmt.Fprintln(p.in.Stdout, "Restored into", p.folder.path)
	if damaged {
		fmt.Fprintln(p.in.Stdout, "What was damaged was moved aside there; its name says so.")
	}
	if key == nil {
		fmt.Fprintln(p.in.Stdout, p.sayKeyLost())
	}
	return nil
}

// canReplace refuses to restore over a desk that is sound or runs.
func (p *program) canReplace() (damaged bool, err error) {
	_, err = badgerkv.Verify(p.folder.databasePath())
	var damage *kv.Damage
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case errors.As(err, &damage):
		return true, nil
	case err == nil:
		return false, fmt.Errorf("%s holds data already; name an empty folder with -data", p.folder.path)
	}
	return false, p.sayRunning(err)
}

// makeRoom moves what a restore replaces aside and puts the key in its place. Until the end the note of what was there
// stays, so that after an interruption nobody gets an empty desk instead.
func (p *program) makeRoom(key []byte, now time.Time) error {
	if err := moveAside(p.folder.databasePath(), now); err != nil {
		return err
	}
	if err := moveAside(p.folder.keyPath(), now); err != nil || key == nil {
		return err
	}
	return writeWhole(p.folder.keyPath(), key)
}

// checkData verifies the data as a start would and says what it found. It changes nothing.
func (p *program) checkData() error {
	if err := p.folder.requireDesk(); err != nil {
		return err
	}
	found, err := badgerkv.Verify(p.folder.databasePath(), store.SchemaKey())
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database in %s", p.folder.path)
	}
	if err != nil {
		return p.sayRunning(err)
	}
	if err := store.CheckSchema(found.Value(store.SchemaKey())); err != nil {
		return err
	}
	key, err := p.folder.loadKey()
	if err != nil {
		return err
	}
	fmt.Fprintf(p.in.Stdout, "configuration and data are usable: %s, %d MB used, %d MB free\n",
		p.folder.path, found.Used>>20, found.Free>>20)
	if len(key) == 0 {
		fmt.Fprintln(p.in.Stdout, p.sayKeyLost())
	}
	return nil
}

func (p *program) sayKeyLost() string {
	return fmt.Sprintf("The key %s is missing: credentials of channels have to be entered again.", p.folder.keyPath())
}
