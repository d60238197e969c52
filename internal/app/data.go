package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"pult/domain/store"
	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// The data folder holds the database, the key that seals credentials, and a note of where the running desk is.
func (p *program) database() string    { return filepath.Join(p.data, "db") }
func (p *program) keyFile() string     { return filepath.Join(p.data, "seal.key") }
func (p *program) runningFile() string { return filepath.Join(p.data, "running.json") }

func (p *program) openEngine() (kv.Store, error) {
	return badgerkv.Open(badgerkv.Options{Dir: p.database(), FreeFloor: p.config.Limits.FreeDiskFloor, Logger: p.log})
}

// sealKey reads the key that seals credentials, or makes it at the first start. It lies beside the database, not in it,
// readable by the owner only.
func (p *program) sealKey() ([]byte, error) {
	key, err := os.ReadFile(p.keyFile())
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return key, err
	}
	key = make([]byte, store.SealKeyLength)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	return key, writeWhole(p.keyFile(), key)
}

// writeWhole writes a file so that after a crash it is there whole or not at all.
func writeWhole(name string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// running says where the desk of a data folder is.
type running struct {
	PID int    `json:"pid"`
	URL string `json:"url"`
}

func (p *program) noteRunning(url string) error {
	b, err := json.Marshal(running{os.Getpid(), url})
	if err != nil {
		return err
	}
	return writeWhole(p.runningFile(), b)
}

// showRunning is the second double-click: it finds the desk that has the data open and shows it.
func (p *program) showRunning(ctx context.Context) error {
	var r running
	b, err := os.ReadFile(p.runningFile())
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err == nil {
		err = alive(ctx, r.URL)
	}
	if err != nil {
		return fmt.Errorf("another program has the data in %s open, and no desk answers there; end it and start again: %w", p.data, err)
	}
	fmt.Fprintln(p.Stdout, "Pult is running already:", r.URL)
	if p.flags.noBrowser || !onDesktop(p.Environ) {
		return nil
	}
	return p.open(r.URL)
}

func alive(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/healthz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// bundle is the head of a backup: the key that seals credentials travels with the data it belongs to.
const bundle = "pult backup 1\n"

// backup writes the database and its key into one file. It needs the desk to be stopped.
func (p *program) backup(ctx context.Context, file string) error {
	engine, err := p.openEngine()
	if errors.Is(err, kv.ErrLocked) {
		return fmt.Errorf("the desk is running on %s; stop it first", p.data)
	}
	if err != nil {
		return err
	}
	defer engine.Close()
	key, err := p.sealKey()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.WriteString(bundle)
	out.Write(key)
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(out.Bytes())
	if err == nil {
		err = engine.Backup(ctx, f)
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("write the backup: %w", err), os.Remove(file))
	}
	fmt.Fprintln(p.Stdout, "Backup written to", file)
	return nil
}

// restore puts a backup into a data folder that has no database yet.
func (p *program) restore(file string) error {
	if _, err := os.Stat(p.database()); err == nil {
		return fmt.Errorf("%s holds data already; name an empty folder with -data", p.data)
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, len(bundle)+store.SealKeyLength)
	if _, err := f.Read(head); err != nil || string(head[:len(bundle)]) != bundle {
		return fmt.Errorf("%s is not a backup of Pult", file)
	}
	if err := badgerkv.Restore(p.database(), f); err != nil {
		return fmt.Errorf("restore %s: %w", file, err)
	}
	if err := writeWhole(p.keyFile(), head[len(bundle):]); err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout, "Restored into", p.data)
	return nil
}

// check opens the data as a start would and says what it found.
func (p *program) check(ctx context.Context) error {
	engine, err := p.openEngine()
	if errors.Is(err, kv.ErrLocked) {
		return fmt.Errorf("the desk is running on %s; stop it first", p.data)
	}
	if err != nil {
		return err
	}
	defer engine.Close()
	key, err := p.sealKey()
	if err != nil {
		return err
	}
	if _, err := store.Open(ctx, engine, store.Options{Now: time.Now, SealKey: key}); err != nil {
		return err
	}
	i := engine.Info()
	fmt.Fprintf(p.Stdout, "configuration and data are usable: %s, %d MB used, %d MB free\n", p.data, i.BytesUsed>>20, i.BytesFree>>20)
	return nil
}
