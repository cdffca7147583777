use strict;
use warnings;
use IO::Socket::INET;

$SIG{TERM} = sub { exit 0 };
$| = 1;

open my $file, '<', 'index.html' or die "index.html: $!";
my $page = "<h1>$ENV{GREETING}</h1>\n" . do { local $/; <$file> };

my $listener = IO::Socket::INET->new(LocalPort => $ENV{PORT}, Listen => 64, ReuseAddr => 1) or die "port $ENV{PORT}: $@";
print "listening on $ENV{PORT}\n";

while (1) {
    my $client = $listener->accept or next;
    my $request = <$client> // '';
    while (my $header = <$client>) { last if $header =~ /^\r?\n$/ }

    my $is_home = $request =~ m{^(?:GET|HEAD) / };
    my ($status, $body) = $is_home ? ('200 OK', $page) : ('404 Not Found', "not here\n");
    print $client "HTTP/1.1 $status\r\nContent-Type: text/html; charset=utf-8\r\n",
        'Content-Length: ', length $body, "\r\nConnection: close\r\n\r\n", $request =~ /^HEAD/ ? '' : $body;
    close $client;
}
