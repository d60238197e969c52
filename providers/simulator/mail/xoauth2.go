package mail

import "strings"

// xoauth2Server is the vendors' way of signing in with an access token. A refusal is explained first; it counts when
// the client acknowledged that with an empty line.
type xoauth2Server struct {
	check   func(user, token string) bool
	enter   func(user string)
	failed  error
	refused bool
}

func (x *xoauth2Server) Next(response []byte) (challenge []byte, done bool, err error) {
	if x.refused {
		return nil, false, x.failed
	}
	if response == nil {
		return []byte{}, false, nil
	}
	fields := strings.Split(string(response), "\x01")
	user := strings.TrimPrefix(fields[0], "user=")
	token := ""
	if len(fields) > 1 {
		token = strings.TrimPrefix(fields[1], "auth=Bearer ")
	}
	if !x.check(user, token) {
		x.refused = true
		return []byte(`{"status":"400","schemes":"Bearer","scope":"https://mail.example/"}`), false, nil
	}
	x.enter(user)
	return nil, true, nil
}
