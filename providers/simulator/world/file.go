package world

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
