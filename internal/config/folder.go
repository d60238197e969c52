package config

import (
	"errors"
	"os"
	"path/filepath"
)

// Names of the file and folders that the program looks for.
const (
	fileName   = "pult.ini"
	dataName   = "data"
	userFolder = "pult"
)

// DefaultFile is the file read when no -config is given: pult.ini beside
// the binary exe, else pult/pult.ini in the user's configuration folder, else
// none (""). A system without such a folder simply has no second place.
func DefaultFile(exe string, userConfigDir func() (string, error)) string {
	beside := filepath.Join(filepath.Dir(exe), fileName)
	if isRegularFile(beside) {
		return beside
	}
	home, err := userConfigDir()
	if err != nil {
		return ""
	}
	if own := filepath.Join(home, userFolder, fileName); isRegularFile(own) {
		return own
	}
	return ""
}

// FolderHints is what DataDir decides from.
type FolderHints struct {
	Flag          string                 // -data, empty when not given
	ConfigFile    string                 // the file that was read, empty when none
	Exe           string                 // path of the running binary
	UserConfigDir func() (string, error) // os.UserConfigDir outside tests
}

// DataDir decides where the store lives; it creates nothing. The flag wins,
// then [data] dir, then data/ beside a binary that has data/ or pult.ini next
// to it (a desk carried on a USB stick), then the user's configuration folder.
func DataDir(hints FolderHints, cfg Config) (string, error) {
	if hints.Flag != "" {
		return filepath.Abs(hints.Flag)
	}
	if cfg.Data.Dir != "" {
		return resolveDir(hints.ConfigFile, cfg.Data.Dir)
	}
	folder := filepath.Dir(hints.Exe)
	if isFolder(filepath.Join(folder, dataName)) || isRegularFile(filepath.Join(folder, fileName)) {
		return filepath.Join(folder, dataName), nil
	}
	home, err := hints.UserConfigDir()
	if err != nil {
		return "", errors.Join(errors.New("config: no folder for data; say where with -data"), err)
	}
	return filepath.Join(home, userFolder), nil
}

// resolveDir reads a relative dir from the folder of the file that names it,
// so that the desk finds its data from whatever folder it is started.
func resolveDir(configFile, dir string) (string, error) {
	if filepath.IsAbs(dir) {
		return filepath.Clean(dir), nil
	}
	if configFile == "" {
		return filepath.Abs(dir)
	}
	return filepath.Abs(filepath.Join(filepath.Dir(configFile), dir))
}

func isRegularFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
