package world

import "time"

// File is a file that somebody sends.
type File struct {
	ID    string // under which a vendor keeps it
	Name  string
	MIME  string
	Voice bool // recorded to be listened to
	Data  []byte
}

// StoredFile is a file that a vendor keeps for one of its numbers.
type StoredFile struct {
	Number string
	File   File
}

// link is an address of a file.
type link struct {
	file  string
	until time.Time
}

// AddFile has the vendor of a number keep a file and gives its id.
func (s *State) AddFile(number string, f File) string {
	f.ID = s.NewDigits()
	s.files[f.ID] = &StoredFile{Number: number, File: f}
	return f.ID
}

// File finds a file that a vendor keeps.
func (s *State) File(id string) (StoredFile, bool) {
	f, ok := s.files[id]
	if !ok {
		return StoredFile{}, false
	}
	return *f, true
}

// DeleteFile removes a file.
func (s *State) DeleteFile(id string) { delete(s.files, id) }

// AddLink makes an address of a file that works for some time, and gives its last part.
func (s *State) AddLink(file string, life time.Duration) string {
	key := s.NewID()
	s.links[key] = link{file: file, until: s.Now().Add(life)}
	return key
}

// LinkedFile finds the file behind an address that still works.
func (s *State) LinkedFile(key string) (StoredFile, bool) {
	l := s.links[key]
	if !s.Now().Before(l.until) {
		return StoredFile{}, false
	}
	return s.File(l.file)
}
