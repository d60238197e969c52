package app

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"pult/domain/store"
	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
	"pult/internal/config"
)

// folder is where a desk's data lie: the database, the key that seals credentials, and a note of where the running
// desk is.
type folder struct {
	path      string
	temporary bool // thrown away at the end
}

// findFolder decides where the data lie; the demo throws its folder away unless one was named. A folder that is missing
// is not made yet: whoever mistyped its name is told so by most commands.
func findFolder(f flags, cfg config.Config, hints config.FolderHints) (folder, error) {
	if f.demo && f.data == "" {
		path, err := os.MkdirTemp("", "pult-demo-")
		if err != nil {
			return folder{}, fmt.Errorf("make a folder for the demo: %w", err)
		}
		return folder{path: path, temporary: true}, nil
	}
	path, err := config.DataDir(hints, cfg)
	if err != nil {
		return folder{}, err
	}
	return folder{path: path}, nil
}

// make makes the folder if it is missing.
func (f folder) make() error {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return nil
}

// requireDesk refuses a folder in which there never was a desk.
func (f folder) requireDesk() error {
	for _, sign := range []string{f.databasePath(), badgerkv.NotePath(f.databasePath()), f.keyPath()} {
		if _, err := os.Stat(sign); err == nil {
			return nil
		}
	}
	return fmt.Errorf("there is no desk in %s; name its folder with -data", f.path)
}

func (f folder) discardTemporary() {
	if f.temporary {
		_ = os.RemoveAll(f.path)
	}
}

func (f folder) databasePath() string { return filepath.Join(f.path, "db") }
func (f folder) keyPath() string      { return filepath.Join(f.path, "seal.key") }
func (f folder) notePath() string     { return filepath.Join(f.path, "running.json") }

// openEngine opens the database. The error is kv.ErrLocked while another program has it open.
func (f folder) openEngine(freeFloor int64, log *slog.Logger) (kv.Store, error) {
	return badgerkv.Open(badgerkv.Options{Dir: f.databasePath(), FreeFloor: freeFloor, Logger: log})
}

// isNew reports whether there is no database yet.
func (f folder) isNew() bool {
	_, err := os.Stat(f.databasePath())
	return errors.Is(err, os.ErrNotExist)
}

// loadKey reads the key that seals credentials. It lies beside the database, not in it, readable by the owner only. A key
// that is missing or has the wrong length is lost, and the result is empty.
func (f folder) loadKey() ([]byte, error) {
	key, err := os.ReadFile(f.keyPath())
	if errors.Is(err, os.ErrNotExist) || err == nil && len(key) != store.SealKeyLength {
		return nil, nil
	}
	return key, err
}

// newKey makes a key, at the first start or when a person enters credentials anew whose key was lost. What is left of
// the old one is moved aside.
func (f folder) newKey() ([]byte, error) {
	key := make([]byte, store.SealKeyLength)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	if err := moveAside(f.keyPath(), time.Now()); err != nil {
		return nil, err
	}
	return key, writeWhole(f.keyPath(), key)
}

// moveAside gives a file or folder that may be damaged another name, so that a new one can take its place.
func moveAside(path string, now time.Time) error {
	err := os.Rename(path, path+".damaged-"+now.Format("20060102-150405"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// running says where the desk of a data folder is.
type running struct {
	PID int    `json:"pid"`
	URL string `json:"url"`
}

func (f folder) noteRunning(url string) error {
	b, err := json.Marshal(running{os.Getpid(), url})
	if err != nil {
		return err
	}
	return writeWhole(f.notePath(), b)
}

func (f folder) readRunning() (r running, err error) {
	b, err := os.ReadFile(f.notePath())
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	return r, err
}

func (f folder) forgetRunning() { _ = os.Remove(f.notePath()) }

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
