# Checks the records of an ISO 2709 file with MARC::Lint: a line for each message, its record's number
# and a tab before it; then the seconds of CPU time that reading and checking took.
use strict;
use warnings;
use MARC::Lint;
use MARC::Record;

binmode STDOUT, ":utf8";
open my $file, "<:raw", $ARGV[0] or die "$ARGV[0]: $!\n";
my $lint = MARC::Lint->new;
my @found;
my $number = 0;
my ($user, $system) = times;
{
    local $/ = "\x1d";
    local $SIG{__WARN__} = sub { };
    while (my $raw = <$file>) {
        my $record = eval { MARC::Record->new_from_usmarc($raw) };
        eval { $lint->check_record($record); push @found, [$number, $_] for $lint->warnings; 1 }
            or push @found, [$number, "unreadable"];
        $number++;
    }
}
my ($user_after, $system_after) = times;
for my $row (@found) {
    my ($place, $message) = @$row;
    $message =~ s/\s+/ /g;
    print "$place\t$message\n";
}
print "seconds\t", $user_after + $system_after - $user - $system, "\n";
