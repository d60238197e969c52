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

// adviseOpening adds to the error of opening the data what can be done: on a full disk, make room; with damaged files,
// use the newest backup that is found in the desk's folder or beside it.
func adviseOpening(err error, folder string) error {
	var damage *kv.Damage
	if errors.Is(err, kv.ErrReadOnly) {
		return fmt.Errorf("the disk is full, make room and start again: %w", err)
	}
	if !errors.As(err, &damage) {
		return err
	}
	places := []string{folder, filepath.Dir(folder)}
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
