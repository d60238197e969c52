// Package auth says who somebody is: passwords, sessions, the throttle of guessing, and the first set-up.
//
// A session is a random token in the browser and its hash in the store, so that a stolen store opens no session. What
// an operator may do is not decided here but by domain.Operator.May.
package auth
