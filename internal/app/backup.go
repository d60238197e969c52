package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"pult/domain/store"
	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// backupHead begins a backup. The key that seals credentials follows it: it travels with the data it belongs to.
const backupHead = "pult backup 1\n"

// openStopped opens the database of a desk that must not be running.
func (p *program) openStopped() (kv.Store, error) {
	engine, err := p.folder.openEngine(p.config.Limits.FreeDiskFloor, p.log)
	if errors.Is(err, kv.ErrLocked) {
		return nil, fmt.Errorf("the desk is running on %s; stop it first", p.folder.path)
	}
	return engine, err
}

// writeBackup writes the database and its key into one file. It needs the desk to be stopped.
func (p *program) writeBackup(ctx context.Context, file string) error {
	engine, err := p.openStopped()
	if err != nil {
		return err
	}
	defer engine.Close()
	key, err := p.folder.loadKey()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append([]byte(backupHead), key...))
	if err == nil {
		err = engine.Backup(ctx, f)
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("write the backup: %w", err), os.Remove(file))
	}
	fmt.Fprintln(p.in.Stdout, "Backup written to", file)
	return nil
}

// restoreBackup puts a backup into a data folder that has no database yet.
func (p *program) restoreBackup(file string) error {
	if _, err := os.Stat(p.folder.databasePath()); err == nil {
		return fmt.Errorf("%s holds data already; name an empty folder with -data", p.folder.path)
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, len(backupHead)+store.SealKeyLength)
	if _, err := f.Read(head); err != nil || !bytes.HasPrefix(head, []byte(backupHead)) {
		return fmt.Errorf("%s is not a backup of Pult", file)
	}
	if err := badgerkv.Restore(p.folder.databasePath(), f); err != nil {
		return fmt.Errorf("restore %s: %w", file, err)
	}
	if err := writeWhole(p.folder.keyPath(), head[len(backupHead):]); err != nil {
		return err
	}
	fmt.Fprintln(p.in.Stdout, "Restored into", p.folder.path)
	return nil
}

// checkData opens the data as a start would and says what it found.
func (p *program) checkData(ctx context.Context) error {
	engine, err := p.openStopped()
	if err != nil {
		return err
	}
	defer engine.Close()
	key, err := p.folder.loadKey()
	if err != nil {
		return err
	}
	if _, err := store.Open(ctx, engine, store.Options{Now: time.Now, SealKey: key}); err != nil {
		return err
	}
	i := engine.Info()
	fmt.Fprintf(p.in.Stdout, "configuration and data are usable: %s, %d MB used, %d MB free\n",
		p.folder.path, i.BytesUsed>>20, i.BytesFree>>20)
	return nil
}
