package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pult/domain/store/kv"
)

// adviseBackup adds to the news of damaged files what can be done: the newest backup that is found in the data folder
// or beside it.
func (p *program) adviseBackup(err error) error {
	var damage *kv.Damage
	if !errors.As(err, &damage) {
		return err
	}
	places := []string{p.folder.path, filepath.Dir(p.folder.path)}
	file, made := newestBackup(places)
	if file == "" {
		return fmt.Errorf("%w; nothing was changed, and no backup was found in %s or %s", damage, places[0], places[1])
	}
	return fmt.Errorf("%w; nothing was changed, and the newest backup found is %s of %s: "+
		"\"pult restore\" with it moves the damaged files aside and puts it in their place",
		damage, file, made.Format("2006-01-02 15:04"))
}

// newestBackup looks for backups by what they begin with; their names are free. file is "" if there is none.
func newestBackup(places []string) (file string, made time.Time) {
	for _, place := range places {
		entries, _ := os.ReadDir(place) // a folder that cannot be read offers none
		for _, entry := range entries {
			path := filepath.Join(place, entry.Name())
			info, err := os.Stat(path)
			if err == nil && info.Mode().IsRegular() && info.ModTime().After(made) && isBackup(path) {
				file, made = path, info.ModTime()
			}
		}
	}
	return file, made
}

func isBackup(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close() // only read from
	const begins = "pult backup "
	head := make([]byte, len(begins))
	_, err = io.ReadFull(f, head)
	return err == nil && strings.HasPrefix(string(head), begins)
}
